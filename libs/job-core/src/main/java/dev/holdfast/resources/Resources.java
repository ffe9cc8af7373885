package dev.holdfast.resources;

import java.util.List;
import java.util.stream.Collectors;
import org.jboss.logging.Logger;

/** What one service needs of AWS, and its names. */
public record Resources(List<Resource> needed, ResourcesConfig config) {

    private static final Logger LOG = Logger.getLogger(Resources.class);

    /**
     * Makes what is missing, where the configuration allows it; else checks that all is there.
     *
     * @throws IllegalStateException naming everything that is missing
     */
    public void prepare() {
        if (config.provision()) needed.forEach(Resource::provision);
        var missing = missing();
        if (!missing.isEmpty()) {
            throw new IllegalStateException("AWS resources are missing: " + String.join(", ", missing)
                    + ". Create them (deploy/terraform), or set holdfast.resources.provision=true.");
        }
        LOG.infof("resources ready: %s", needed.stream().map(Resource::describe).collect(Collectors.joining(", ")));
    }

    /** The names of what is not there. */
    public List<String> missing() {
        return needed.stream()
                .filter(resource -> !resource.exists())
                .map(Resource::describe)
                .toList();
    }
}
