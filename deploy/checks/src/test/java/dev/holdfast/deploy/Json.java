package dev.holdfast.deploy;

import com.google.gson.Gson;
import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonNull;
import com.google.gson.JsonObject;
import com.google.gson.JsonPrimitive;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Trees of JSON by paths such as {@code spec.template.spec.containers.0.image}; a dot in a key is written {@code \.}.
 */
final class Json {

    private static final Gson GSON = new Gson();
    private static final Pattern DOT = Pattern.compile("(?<!\\\\)\\.");

    private Json() {}

    static JsonElement of(Object yaml) {
        return GSON.toJsonTree(yaml);
    }

    static JsonObject parse(String text) {
        return GSON.fromJson(text, JsonObject.class);
    }

    /** What is at a path; {@link JsonNull} if nothing is. */
    static JsonElement at(JsonElement tree, String path) {
        var here = tree;
        for (var step : steps(path)) {
            here = step(here, step);
        }
        return here;
    }

    static String text(JsonElement tree, String path) {
        var found = at(tree, path);
        return found.isJsonPrimitive() ? found.getAsString() : "";
    }

    /** The number at a path; -1 if there is none. */
    static int number(JsonElement tree, String path) {
        var found = at(tree, path);
        return found.isJsonPrimitive() && found.getAsJsonPrimitive().isNumber() ? found.getAsInt() : -1;
    }

    /** The elements of the list at a path; none if it is no list. */
    static List<JsonElement> list(JsonElement tree, String path) {
        var found = at(tree, path);
        return found.isJsonArray() ? found.getAsJsonArray().asList() : List.of();
    }

    /** The members of the object at a path; none if it is no object. */
    static Map<String, JsonElement> members(JsonElement tree, String path) {
        var found = at(tree, path);
        return found.isJsonObject() ? found.getAsJsonObject().asMap() : Map.of();
    }

    /** Puts a value at a path whose parent is there. */
    static void set(JsonElement tree, String path, Object value) {
        var steps = steps(path);
        var parent = tree;
        for (var step : steps.subList(0, steps.size() - 1)) {
            parent = step(parent, step);
        }
        var last = steps.getLast();
        if (parent.isJsonArray()) parent.getAsJsonArray().set(Integer.parseInt(last), of(value));
        else if (parent.isJsonObject()) parent.getAsJsonObject().add(last, of(value));
        else throw new AssertionError("nothing at " + path + " to change");
    }

    /** Takes away what is at a path; something must be. */
    static void remove(JsonElement tree, String path) {
        var steps = steps(path);
        var parent = tree;
        for (var step : steps.subList(0, steps.size() - 1)) {
            parent = step(parent, step);
        }
        var gone = parent.isJsonObject() ? parent.getAsJsonObject().remove(steps.getLast()) : null;
        if (gone == null) throw new AssertionError("nothing at " + path + " to remove");
    }

    /** A copy without empty lists and objects: those the client library fills in. */
    static JsonElement withoutEmpty(JsonElement tree) {
        if (tree instanceof JsonObject object) {
            var full = new JsonObject();
            object.asMap().forEach((key, value) -> {
                var kept = withoutEmpty(value);
                if (!empty(kept)) full.add(key, kept);
            });
            return full;
        }
        if (tree instanceof JsonArray array) {
            var full = new JsonArray();
            array.forEach(element -> full.add(withoutEmpty(element)));
            return full;
        }
        return tree;
    }

    private static boolean empty(JsonElement element) {
        return (element instanceof JsonObject object && object.isEmpty())
                || (element instanceof JsonArray array && array.isEmpty());
    }

    private static JsonElement step(JsonElement here, String step) {
        if (here instanceof JsonObject object && object.has(step)) return object.get(step);
        if (here instanceof JsonArray array && step.matches("\\d+") && Integer.parseInt(step) < array.size()) {
            return array.get(Integer.parseInt(step));
        }
        return JsonNull.INSTANCE;
    }

    private static List<String> steps(String path) {
        var steps = new ArrayList<String>();
        if (path.isEmpty()) return steps;
        for (var step : DOT.split(path, -1)) steps.add(step.replace("\\.", "."));
        return steps;
    }

    /** Whether two trees say the same; 1 and 1.0 do. */
    static boolean same(JsonElement one, JsonElement other) {
        return switch (one) {
            case JsonObject object ->
                other instanceof JsonObject second
                        && object.keySet().equals(second.keySet())
                        && object.keySet().stream().allMatch(key -> same(object.get(key), second.get(key)));
            case JsonArray array ->
                other instanceof JsonArray second && array.size() == second.size() && allSame(array, second);
            case JsonPrimitive number
            when number.isNumber() ->
                other instanceof JsonPrimitive second
                        && second.isNumber()
                        && number.getAsBigDecimal().compareTo(second.getAsBigDecimal()) == 0;
            default -> one.equals(other);
        };
    }

    private static boolean allSame(JsonArray one, JsonArray other) {
        for (int i = 0; i < one.size(); i++) {
            if (!same(one.get(i), other.get(i))) return false;
        }
        return true;
    }
}
