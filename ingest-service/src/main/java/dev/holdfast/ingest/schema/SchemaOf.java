package dev.holdfast.ingest.schema;

import com.fasterxml.classmate.ResolvedType;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.github.victools.jsonschema.generator.CustomDefinition;
import com.github.victools.jsonschema.generator.Option;
import com.github.victools.jsonschema.generator.OptionPreset;
import com.github.victools.jsonschema.generator.SchemaGenerationContext;
import com.github.victools.jsonschema.generator.SchemaGenerator;
import com.github.victools.jsonschema.generator.SchemaGeneratorConfigBuilder;
import com.github.victools.jsonschema.generator.SchemaVersion;
import com.github.victools.jsonschema.module.jackson.JacksonModule;
import com.github.victools.jsonschema.module.jackson.JacksonOption;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationModule;
import com.github.victools.jsonschema.module.jakarta.validation.JakartaValidationOption;
import org.jspecify.annotations.Nullable;

/** Makes the JSON Schema (2020-12) of a record from its components and their annotations. */
final class SchemaOf {

    private static final SchemaGenerator GENERATOR = generator();

    private SchemaOf() {}

    static ObjectNode record(Class<?> type) {
        return GENERATOR.generateSchema(type);
    }

    private static SchemaGenerator generator() {
        var config = new SchemaGeneratorConfigBuilder(SchemaVersion.DRAFT_2020_12, OptionPreset.PLAIN_JSON)
                .with(new JacksonModule(
                        JacksonOption.RESPECT_JSONPROPERTY_REQUIRED,
                        JacksonOption.FLATTENED_ENUMS_FROM_JSONPROPERTY,
                        JacksonOption.SKIP_SUBTYPE_LOOKUP,
                        JacksonOption.IGNORE_TYPE_INFO_TRANSFORM))
                .with(new JakartaValidationModule(
                        JakartaValidationOption.NOT_NULLABLE_FIELD_IS_REQUIRED,
                        JakartaValidationOption.INCLUDE_PATTERN_EXPRESSIONS))
                .with(Option.FORBIDDEN_ADDITIONAL_PROPERTIES_BY_DEFAULT)
                .with(Option.MAP_VALUES_AS_ADDITIONAL_PROPERTIES)
                .with(Option.FLATTENED_OPTIONALS)
                .with(Option.INLINE_ALL_SCHEMAS);
        config.forTypesInGeneral().withCustomDefinitionProvider(SchemaOf::choice);
        config.forTypesInGeneral().withCustomDefinitionProvider(SchemaOf::plain);
        return new SchemaGenerator(config.build());
    }

    /** JSON trees are any object; other types are left to the generator. */
    private static @Nullable CustomDefinition plain(ResolvedType type, SchemaGenerationContext context) {
        if (type.getErasedType() != JsonNode.class) return null;
        return new CustomDefinition(
                context.getGeneratorConfig()
                        .createObjectNode()
                        .put("type", "object")
                        .put("additionalProperties", true),
                CustomDefinition.DefinitionType.INLINE,
                CustomDefinition.AttributeInclusion.NO);
    }

    /**
     * A sealed type with a {@code kind}: the kind is one of a list, and decides which fields there are. (The
     * generator's own {@code anyOf} would report the faults of all kinds at once.)
     */
    private static @Nullable CustomDefinition choice(ResolvedType type, SchemaGenerationContext context) {
        var kinds = type.getErasedType().getAnnotation(JsonSubTypes.class);
        if (kinds == null) return null;
        var schema = context.getGeneratorConfig().createObjectNode().put("type", "object");
        schema.putArray("required").add("kind");
        var names = schema.putObject("properties").putObject("kind").putArray("enum");
        var branches = schema.putArray("allOf");
        for (var kind : kinds.value()) {
            names.add(kind.name());
            var branch = branches.addObject();
            var condition = branch.putObject("if");
            condition.putArray("required").add("kind");
            condition.putObject("properties").putObject("kind").put("const", kind.name());
            branch.set("then", fields(kind, context));
        }
        return new CustomDefinition(
                schema, CustomDefinition.DefinitionType.INLINE, CustomDefinition.AttributeInclusion.NO);
    }

    private static ObjectNode fields(JsonSubTypes.Type kind, SchemaGenerationContext context) {
        var fields = context.createStandardDefinition(context.getTypeContext().resolve(kind.value()), null);
        var properties = fields.get("properties") instanceof ObjectNode some ? some : fields.putObject("properties");
        properties.putObject("kind").put("const", kind.name());
        fields.put("additionalProperties", false);
        return fields;
    }
}
