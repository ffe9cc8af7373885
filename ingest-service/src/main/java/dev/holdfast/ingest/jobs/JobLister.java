package dev.holdfast.ingest.jobs;

import com.fasterxml.jackson.annotation.JsonInclude;
import dev.holdfast.job.Job;
import dev.holdfast.table.JobIndex;
import dev.holdfast.table.JobIndex.Position;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Lists a tenant's jobs, newest first. */
@Singleton
final class JobLister {

    /** Jobs that one request looks at, so that a rare state costs many short answers and none that takes minutes. */
    private static final int LOOKED_AT = 1_000;

    private static final int PAGE = 100;

    private final JobIndex index;

    JobLister(JobIndex index) {
        this.index = index;
    }

    /**
     * Jobs, newest first.
     *
     * @param nextCursor asks for those after them; empty: there are none. There may be more though {@code items} is
     *     short or empty
     */
    @JsonInclude(JsonInclude.Include.NON_ABSENT)
    record JobList(List<JobView> items, Optional<String> nextCursor) {}

    JobList list(String tenant, JobQuery query) {
        var found = new ArrayList<JobView>();
        var below = query.below();
        for (var left = LOOKED_AT; left > 0; left -= PAGE) {
            var page = index.newest(
                    tenant, query.from(), query.until(), below, query.isSelective() ? PAGE : query.limit());
            for (var job : page.jobs()) {
                if (query.matches(job)) found.add(JobView.of(job));
                if (found.size() == query.limit()) return new JobList(found, after(job, page));
            }
            below = page.next();
            if (below.isEmpty()) break;
        }
        return new JobList(found, below.map(JobQuery::cursor));
    }

    /** Empty when that job was the last one of all. */
    private static Optional<String> after(Job job, JobIndex.Page page) {
        if (page.next().isEmpty() && job.equals(page.jobs().getLast())) return Optional.empty();
        return Optional.of(JobQuery.cursor(new Position(job.createdAt(), job.id())));
    }
}
