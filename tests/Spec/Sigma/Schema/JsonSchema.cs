using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Picket.Spec.Sigma.Schema;

/// <summary>
/// Judges by a JSON schema (draft 2020-12), as far as the schemas of Sigma's specification need it. A keyword that it does not know is refused,
/// so that no schema is taken for another one.
/// </summary>
internal static class JsonSchema
{
    /// <summary>Keywords that demand nothing: notes, and <c>format</c>, which is a note by the draft's default.</summary>
    private static readonly HashSet<string> Notes = ["$schema", "title", "description", "format"];

    /// <summary>
    /// What the schemas have in the place of keywords and JSON Schema therefore ignores: in the schema of correlations the operators of a
    /// condition and the demand for its field lack the <c>properties</c> around them.
    /// </summary>
    private static readonly HashSet<string> Ignored = ["gt", "gte", "lt", "lte", "eq", "neq", "field", "condition"];

    /// <summary>Whether the value is as the schema says.</summary>
    public static bool IsValid(JsonNode schema, JsonNode? value) => schema.AsObject().All(keyword => Holds(keyword.Key, keyword.Value!, schema, value));

    private static bool Holds(string keyword, JsonNode rule, JsonNode schema, JsonNode? value) => keyword switch
    {
        "type" => IsOfType(rule.GetValue<string>(), value),
        "const" => JsonNode.DeepEquals(rule, value),
        "anyOf" => rule.AsArray().Any(part => IsValid(part!, value)),
        "oneOf" => rule.AsArray().Count(part => IsValid(part!, value)) == 1,
        "allOf" => rule.AsArray().All(part => IsValid(part!, value)),
        "if" => !IsValid(rule, value) || schema["then"] is not { } then || IsValid(then, value),
        "then" => true,
        "required" => value is not JsonObject map || rule.AsArray().All(name => map.ContainsKey(name!.GetValue<string>())),
        "properties" => value is not JsonObject map || rule.AsObject().All(property => !map.ContainsKey(property.Key) || IsValid(property.Value!, map[property.Key])),
        "additionalProperties" => value is not JsonObject map
            || map.Where(property => schema["properties"]?[property.Key] is null).All(property => IsValid(rule, property.Value)),
        "items" => value is not JsonArray list || list.All(item => IsValid(rule, item)),
        "minItems" => value is not JsonArray list || list.Count >= rule.GetValue<int>(),
        "maxItems" => value is not JsonArray list || list.Count <= rule.GetValue<int>(),
        "uniqueItems" => value is not JsonArray list || !list.Where((item, i) => list.Take(i).Any(before => JsonNode.DeepEquals(before, item))).Any(),
        "minLength" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || LengthOf(value) >= rule.GetValue<int>(),
        "maxLength" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || LengthOf(value) <= rule.GetValue<int>(),
        "pattern" => value?.GetValueKind() != System.Text.Json.JsonValueKind.String || Regex.IsMatch(value.GetValue<string>(), rule.GetValue<string>(), RegexOptions.ECMAScript),
        _ when Notes.Contains(keyword) || Ignored.Contains(keyword) => true,
        _ => throw new NotSupportedException($"the keyword '{keyword}'"),
    };

    /// <summary>Characters, not halves of them.</summary>
    private static int LengthOf(JsonNode value) => value.GetValue<string>().EnumerateRunes().Count();

    private static bool IsOfType(string type, JsonNode? value) => (type, value?.GetValueKind() ?? System.Text.Json.JsonValueKind.Null) switch
    {
        ("object", var kind) => kind == System.Text.Json.JsonValueKind.Object,
        ("array", var kind) => kind == System.Text.Json.JsonValueKind.Array,
        ("string", var kind) => kind == System.Text.Json.JsonValueKind.String,
        ("boolean", var kind) => kind is System.Text.Json.JsonValueKind.True or System.Text.Json.JsonValueKind.False,
        ("integer", var kind) => kind == System.Text.Json.JsonValueKind.Number && decimal.IsInteger(value!.GetValue<decimal>()),
        _ => throw new NotSupportedException($"the type '{type}'"),
    };
}
