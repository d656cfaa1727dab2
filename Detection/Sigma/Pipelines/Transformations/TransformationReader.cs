using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Detection.Sigma.Pipelines.Transformations;

/// <summary>Reads what a step does, by its type.</summary>
internal static class TransformationReader
{
    private static readonly Dictionary<string, string> Refused = new(StringComparer.Ordinal)
    {
        ["query_expression_placeholders"] = "it writes into a query's text, and rules are asked without one",
        ["field_name_transform"] = "it calls a function of Python",
        ["strict_field_mapping_failure"] = "it knows the mappings of one backend",
        ["regex"] = "it makes up for backends that heed the case; rules are asked without regard to it anyway",
    };

    /// <summary>Reads it.</summary>
    /// <param name="node">The step.</param>
    /// <param name="variables">The pipeline's lists of values.</param>
    /// <param name="steps">Reads nested steps.</param>
    /// <exception cref="RuleException">Something is wrong.</exception>
    public static ITransformation Read(
        NodeReader node, IReadOnlyDictionary<string, IReadOnlyList<string>> variables, Func<YamlNode, IReadOnlyList<PipelineItem>> steps)
    {
        var type = node.Scalar("type");
        if (Refused.TryGetValue(type.Text, out var why))
            throw new RuleException(type.At, SigmaCodes.UnsupportedStep, $"'{type.Text}' cannot be used here: {why}");
        return type.Text switch
        {
            "field_name_mapping" => new FieldMapping(FieldMappings.ByName(node)),
            "field_name_prefix_mapping" => new FieldMapping(FieldMappings.ByPrefix(node)),
            "field_name_prefix" => new FieldMapping(FieldMappings.WithPrefix(node.Scalar("prefix").Text)),
            "field_name_suffix" => new FieldMapping(FieldMappings.WithSuffix(node.Scalar("suffix").Text)),
            "drop_detection_item" => new ItemChange(static (_, _) => []),
            "hashes_fields" => ReadHashFields(node),
            "add_condition" => ReadCondition(node),
            "change_logsource" => ReadLogSource(node),
            "add_field" => Fields(node.Texts("field"), static (fields, named) => [.. fields, .. named]),
            "remove_field" => Fields(node.Texts("field"), static (fields, named) => [.. fields.Except(named, StringComparer.Ordinal)]),
            "set_field" => Fields(node.Texts("fields"), static (_, named) => named),
            "replace_string" => new ItemChange(ValueChanges.Replace(node)),
            "map_string" => new ItemChange(ValueChanges.Map(node)),
            "set_value" => new ItemChange(ValueChanges.Set(node)),
            "convert_type" => new ItemChange(ValueChanges.Convert(node)),
            "case" => new ItemChange(ValueChanges.Case(node)),
            "value_placeholders" => ReadPlaceholders(node, name => variables.GetValueOrDefault(name)),
            "wildcard_placeholders" => ReadPlaceholders(node, static _ => ["*"]),
            "set_state" => Set(node.Scalar("key").Text, node.Scalar("val").Text, static work => work.State),
            "set_custom_attribute" => Set(node.Scalar("attribute").Text, node.Scalar("value").Text, static work => work.Attributes),
            "rule_failure" => ReadRuleFailure(node.Scalar("message").Text),
            "detection_item_failure" => ReadItemFailure(node.Scalar("message").Text),
            "nest" => new Nest(steps(node.Required("items"))),
            "copy_rule" => new CopyRule(steps(node.Required("transformations"))),
            _ => throw new RuleException(type.At, SigmaCodes.Value, $"there is no transformation '{type.Text}'"),
        };
    }

    private static HashFields ReadHashFields(NodeReader node) => new(
        [.. node.Texts("valid_hash_algos").Select(text => text.Text.ToUpperInvariant())], node.OptionalText("field_prefix") ?? "",
        !node.Flag("drop_algo_prefix"));

    private static AddCondition ReadCondition(NodeReader node)
    {
        const string Name = "pipeline";
        var conditions = node.Required("conditions");
        if (conditions is not YamlNode.Mapping)
            throw new RuleException(conditions.At, SigmaCodes.Type, "'conditions' are a mapping of fields to values, as a selection is");
        var name = new YamlNode.Scalar(conditions.At, Name, true);
        var detection = new YamlNode.Mapping(conditions.At, [(name, conditions), (name with { Text = "condition" }, name)]);
        var (selections, condition) = DetectionParser.Read(detection, new IssueList(""));

        // What cannot be compiled is said here, and not at each of the rules.
        var header = new RuleHeader { Title = "", At = node.At, LogSource = new SigmaLogSource(null, null, null, null) };
        var syntax = new RuleSyntax(header, selections, condition, new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal));
        Compilation.RuleCompiler.Compile(syntax, TimeSpan.FromSeconds(1));
        return new AddCondition(node.OptionalText("name") ?? Name, selections[0], node.Flag("negated"), node.Flag("template"));
    }

    private static RuleChange ReadLogSource(NodeReader node)
    {
        var (product, category, service) = (node.OptionalText("product"), node.OptionalText("category"), node.OptionalText("service"));
        if (product is null && category is null && service is null)
            throw new RuleException(node.At, SigmaCodes.MissingKey, "'change_logsource' names neither product nor category nor service");
        return new RuleChange((_, work) => work.Header = work.Header with
        {
            LogSource = new SigmaLogSource(
                product?.ToLowerInvariant(), category?.ToLowerInvariant(), service?.ToLowerInvariant(), work.Header.LogSource.Definition),
        });
    }

    private static RuleChange Fields(
        IReadOnlyList<YamlNode.Scalar> texts, Func<IReadOnlyList<string>, IReadOnlyList<string>, IReadOnlyList<string>> change)
    {
        string[] named = [.. texts.Select(text => text.Text)];
        return new RuleChange((_, work) => work.Header = work.Header with { Fields = change(work.Header.Fields, named) });
    }

    private static FillPlaceholders ReadPlaceholders(NodeReader node, Func<string, IReadOnlyList<string>?> valuesOf)
    {
        foreach (var key in (ReadOnlySpan<string>)["detection_item_conditions", "field_name_conditions"])
        {
            if (node.Take(key) is { } found)
            {
                throw new RuleException(found.At, SigmaCodes.UnsupportedStep,
                    $"placeholders have their values for a whole rule: '{key}' cannot be used with them");
            }
        }

        var (include, exclude) = (node.OptionalTexts("include"), node.OptionalTexts("exclude"));
        return include is null || exclude is null ? new FillPlaceholders(valuesOf, include, exclude)
            : throw new RuleException(node.At, SigmaCodes.Value, "'include' and 'exclude' exclude each other");
    }

    private static RuleChange Set(string key, string value, Func<RuleWork, Dictionary<string, string>> where) =>
        new((_, work) => where(work)[key] = value);

    private static RuleChange ReadRuleFailure(string message) =>
        new((step, work) => throw new RuleException(work.Header.At, SigmaCodes.Pipeline, $"{step.Place} refuses the rule: {message}"));

    private static ItemChange ReadItemFailure(string message) =>
        new((step, item) => throw new RuleException(item.At, SigmaCodes.Pipeline, $"{step.Place} refuses the rule for this: {message}"));
}
