package dev.holdfast.restic;

import java.util.ArrayList;
import java.util.List;

/**
 * Entries of a snapshot that follow one another when its trees are walked, parents first. They are told by their
 * places: which entry of the root tree, which one of the tree below that, and so on, from 0. So they can be told
 * whatever their names are, and within synthetic directories as well.
 *
 * @param from the place of the first one; empty: the beginning
 * @param to the place of the first one behind them; empty: all to the end
 */
public record TreeRange(List<Integer> from, List<Integer> to) {
    public static final TreeRange ALL = new TreeRange(List.of(), List.of());

    public TreeRange {
        from = List.copyOf(from);
        to = List.copyOf(to);
    }

    /** The place of an entry of the directory that is at {@code place}. */
    static List<Integer> inside(List<Integer> place, int number) {
        var longer = new ArrayList<Integer>(place.size() + 1);
        longer.addAll(place);
        longer.add(number);
        return longer;
    }

    boolean holds(List<Integer> place) {
        return !isBefore(place, from) && !isBehind(place);
    }

    /** Whether it may hold something below a directory. */
    boolean reachesInto(List<Integer> directory) {
        return !isBehind(directory) && (!isBefore(directory, from) || leadsTo(directory, from));
    }

    private boolean isBehind(List<Integer> place) {
        return !to.isEmpty() && !isBefore(place, to);
    }

    private static boolean leadsTo(List<Integer> directory, List<Integer> place) {
        return directory.size() <= place.size()
                && place.subList(0, directory.size()).equals(directory);
    }

    private static boolean isBefore(List<Integer> one, List<Integer> other) {
        for (int i = 0; i < Math.min(one.size(), other.size()); i++) {
            int order = Integer.compare(one.get(i), other.get(i));
            if (order != 0) return order < 0;
        }
        return one.size() < other.size();
    }
}
