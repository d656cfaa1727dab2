using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;
using Picket.Detection.Sigma.Pipelines.Conditions;
using Picket.Detection.Sigma.Pipelines.Transformations;

namespace Picket.Detection.Sigma.Pipelines;

/// <summary>Reads a pipeline: YAML in the form of pySigma's processing pipelines.</summary>
internal static class PipelineParser
{
    /// <summary>
    /// The pipeline; null when there is a mistake in it, which is then among the issues: half a pipeline maps half the fields.
    /// </summary>
    public static SigmaPipeline? Parse(string text, IssueList issues)
    {
        try
        {
            var documents = DocumentSplitter.Split(text);
            if (documents.Count != 1 || YamlTree.Read(documents[0]) is not { } root)
            {
                throw new RuleException(new Place(documents.Count > 1 ? documents[1].FirstLine : 1, 1), SigmaCodes.Type,
                    "the file of a pipeline has one document");
            }

            return Read(NodeReader.Of(root, "a pipeline"), issues.File);
        }
        catch (RuleException failure)
        {
            issues.Error(failure.At, failure.Code, $"{failure.Message}; the whole pipeline is left out");
            return null;
        }
    }

    private static SigmaPipeline Read(NodeReader root, string file)
    {
        var name = root.OptionalText("name") ?? Path.GetFileNameWithoutExtension(file);
        var priority = root.Number("priority", 0);
        root.Take("allowed_backends");
        foreach (var key in (ReadOnlySpan<string>)["postprocessing", "finalizers"])
        {
            if (root.Take(key) is { } found)
            {
                throw new RuleException(found.At, SigmaCodes.UnsupportedStep,
                    $"'{key}' is about a query's text, and rules are asked without one");
            }
        }

        var variables = Variables(root);
        var items = root.Take("transformations") is { } steps ? Steps(steps, name, variables) : [];
        root.End();
        return new SigmaPipeline(name, priority, variables, items);
    }

    private static Dictionary<string, IReadOnlyList<string>> Variables(NodeReader root)
    {
        var variables = new Dictionary<string, IReadOnlyList<string>>(StringComparer.Ordinal);
        if (root.Take("vars") is null) return variables;
        foreach (var (key, values) in root.Mapping("vars")) variables[key.Text] = values;
        return variables;
    }

    private static List<PipelineItem> Steps(YamlNode node, string pipeline, IReadOnlyDictionary<string, IReadOnlyList<string>> variables)
    {
        if (node is not YamlNode.Listing list)
            throw new RuleException(node.At, SigmaCodes.Type, $"transformations are a list, this is {node.Shape}");
        var steps = new List<PipelineItem>(list.Items.Count);
        foreach (var item in list.Items)
        {
            var reader = NodeReader.Of(item, "a transformation");
            var id = reader.OptionalText("id");
            var place = $"the pipeline '{pipeline}' (line {item.At.Line})";
            var transformation = TransformationReader.Read(reader, variables, nested => Steps(nested, pipeline, variables));
            steps.Add(new PipelineItem(id, place, transformation,
                ConditionSetReader.Read<RuleSubject>(reader, "rule", RuleConditions.Read),
                ConditionSetReader.Read<ItemSubject>(reader, "detection_item", ItemConditions.Read),
                ConditionSetReader.Read<FieldSubject>(reader, "field_name", FieldConditions.Read)));
            reader.End();
        }

        return steps;
    }
}
