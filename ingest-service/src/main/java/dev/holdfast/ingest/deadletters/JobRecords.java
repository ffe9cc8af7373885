package dev.holdfast.ingest.deadletters;

import static java.util.stream.Collectors.toMap;

import dev.holdfast.job.Job;
import dev.holdfast.job.JobId;
import dev.holdfast.table.JobTable;
import dev.holdfast.table.UnreadableJobException;
import jakarta.inject.Singleton;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/**
 * The records of the jobs that letters name. One that cannot be read, which may be why there is a letter, is left out.
 */
@Singleton
final class JobRecords {

    private final JobTable table;

    JobRecords(JobTable table) {
        this.table = table;
    }

    Optional<Job> find(JobId id) {
        try {
            return table.find(id);
        } catch (UnreadableJobException damaged) {
            return Optional.empty();
        }
    }

    Map<JobId, Job> find(Collection<JobId> ids) {
        return readable(ids.stream().distinct().toList()).stream().collect(toMap(Job::id, Function.identity()));
    }

    private List<Job> readable(List<JobId> ids) {
        try {
            return table.findAll(ids);
        } catch (UnreadableJobException damaged) {
            return ids.stream().flatMap(id -> find(id).stream()).toList();
        }
    }
}
