using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using Mono.Cecil.Cil;
using Picket.Detection.Sigma;
using Picket.Detection.Sigma.Ast;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The reader of Sigma's conditions. An input is one condition; the selections are some that are always there and its own first words. It is
/// read by itself, against a twin that says what it means, and in a rule, where what is wrong must have a place.
/// </summary>
internal sealed partial class ConditionsTarget : IFuzzTarget
{
    private const int OwnNames = 5;
    private static readonly Place At = new(3, 5);
    private static readonly string[] Given = ["selection", "selection_a", "selection_b", "filter_main", "filter_opt", "_hidden"];
    private static readonly string[] Keywords = ["and", "or", "not", "of", "them", "all", "any", "condition", "timeframe"];

    public string Name => "conditions";

    public IReadOnlyList<Assembly> Assemblies => [typeof(SigmaRuleSet).Assembly];

    public IReadOnlyList<string> Extensions => [".yml"];

    public IEnumerable<byte[]> Seeds => ((string[])
    [
        "selection", "not selection", "selection and not filter_main", "selection_a or selection_b", "1 of selection_*", "all of them",
        "any of filter_* or _hidden", "(selection or filter_opt) and not filter_main", "selection and not 1 of filter_main*", "2 of selection*",
        "not (selection\n  or not filter_opt)", "", "selection |count() by x > 5", "other", "NOT selection AND filter_main",
    ]).Select(Encoding.UTF8.GetBytes);

    public Vocabulary Vocabulary { get; } = Vocabulary.OfTexts(
        [
            "selection", "selection_a", "selection_b", "filter_main", "filter_opt", "_hidden", " and ", " or ", " not ", "not ", " of ", "1 of ", "2 of ", "all of ",
            "any of ", "them", "selection*", "filter_*", "*", "_*", "(", ")", "((", "))", " ", "\n", "\t", "\r\n", "|", "0 of ", "99 of ", "18446744073709551616 of ",
            "-", ".", "'", "\"", "#", ": ", "- ", "[", "]", "{", "}", "&a ", "*a", "é", "İ", "\u2028", "\u0085", "\ufeff", "aNd", "OR", "Of",
        ],
        ("(", ")"), ("not (", ")"), ("'", "'"), ("\"", "\""), ("selection and (", ")"));

    public long MaxAllocation => 64L << 20;

    /// <summary>The reader of operands throws at one that is at least five brackets deep behind the twelfth word.</summary>
    public PlantedDefect Defect { get; } = new("Picket.Detection.Sigma.Parsing.ConditionParser", "Operand", (method, start) =>
    [
        .. ((int[])[2, 3, 4, 5]).SelectMany(depth => (Instruction[])
        [
            Instruction.Create(OpCodes.Ldarg, method.Parameters.Single(parameter => parameter.Name == "depth")),
            Instruction.Create(OpCodes.Ldc_I4, depth),
            Instruction.Create(OpCodes.Blt, start),
        ]),
        Instruction.Create(OpCodes.Ldarg_0),
        Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "_next")),
        Instruction.Create(OpCodes.Ldc_I4, 12),
        Instruction.Create(OpCodes.Blt, start),
    ]);

    /// <summary>The conditions of a file of rules that are on one line.</summary>
    public IEnumerable<byte[]> SeedsIn(string file) => File.ReadLines(file)
        .Select(line => line.Trim()).Where(line => line.StartsWith("condition:", StringComparison.Ordinal)).Select(line => Encoding.UTF8.GetBytes(line["condition:".Length..].Trim()));

    public string? Check(byte[] input)
    {
        var text = Encoding.UTF8.GetString(input);
        string[] names =
        [
            .. Given,
            .. Word().Matches(text).Select(match => match.Value).Where(word => !Keywords.Contains(word, StringComparer.OrdinalIgnoreCase) && !Given.Contains(word))
                .Distinct().Take(OwnNames),
        ];
        return Alone(text, names) ?? InRule(text, names);
    }

    private static string? Alone(string text, string[] names)
    {
        var used = new HashSet<string>(StringComparer.Ordinal);
        ConditionNode node;
        try
        {
            node = ConditionParser.Parse(text, At, names, used);
        }
        catch (RuleException e)
        {
            var isInside = e.At.Line == At.Line && (text.Contains('\n', StringComparison.Ordinal) ? e.At == At : e.At.Column >= At.Column && e.At.Column <= At.Column + text.Length);
            return isInside && e.Message.Length > 0 ? null : $"place: {e.At} of {text.Length} characters: {e.Message}";
        }

        var named = new HashSet<string>(StringComparer.Ordinal);
        Holds(node, name => !named.Add(name));
        if (!named.IsSubsetOf(used) || !used.IsSubsetOf(names)) return "used: other selections are used than named";
        foreach (var mask in (int[])[0, -1, 0x555, 0xAAA, 0x333, 0x70F, 1, 2, 4, 8, 16, 32, 64, 128])
        {
            bool Given(string name) => ((mask >> Array.IndexOf(names, name)) & 1) != 0;
            var (is_, should) = (Holds(node, Given), ConditionTwin.Evaluate(text, names, Given));
            if (should != is_) return $"meaning: {is_}, and the twin says {should?.ToString() ?? "nothing"}, with {mask:x}";
        }

        return null;
    }

    private static string? InRule(string text, string[] names)
    {
        var rule = $"title: t\nlogsource: {{ product: fuzz }}\ndetection:\n{string.Concat(names.Select(name => $"  '{name}': {{ F: {name.Length} }}\n"))}  condition: {text}\n";
        var set = SigmaRuleSet.Parse(rule, "fuzz.yml");
        return RulePlaces.Check(rule, set);
    }

    private static bool Holds(ConditionNode node, Func<string, bool> holds) => node switch
    {
        // All parts are asked, so that all names are heard of.
        ConditionNode.And and => and.Parts.Select(part => Holds(part, holds)).ToList().TrueForAll(each => each),
        ConditionNode.Or or => or.Parts.Select(part => Holds(part, holds)).ToList().Exists(each => each),
        ConditionNode.Not not => !Holds(not.Part, holds),
        ConditionNode.SelectionName named => holds(named.Selection),
        ConditionNode.AtLeast some => some.Selections.Select(holds).Count(each => each) >= some.Count,
        _ => throw new InvalidOperationException("a condition of an unknown shape"),
    };

    [GeneratedRegex("[A-Za-z_][A-Za-z0-9_.-]*")]
    private static partial Regex Word();
}
