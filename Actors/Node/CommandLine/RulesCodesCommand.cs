using System.CommandLine;
using System.Text.Json;
using Picket.Detection.Sigma.Codes;

namespace Picket.Node.CommandLine;

/// <summary><c>picket rules codes</c>: what the codes mean that the other commands about rules print.</summary>
internal static class RulesCodesCommand
{
    public static Command Create()
    {
        var codes = new Argument<string[]>("CODE")
        {
            Description = "The codes that are meant; all when left out.",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var json = new Option<bool>("--json") { Description = "Print the result as JSON." };
        var command = new Command("codes", "Says what the codes of 'rules check' and 'rules test' mean, and what to do about them.")
        {
            codes, json,
        };
        command.SetAction(parsed => Print(parsed.GetValue(codes) ?? [], parsed.GetValue(json)));
        return command;
    }

    private static int Print(string[] names, bool json)
    {
        foreach (var name in names)
        {
            if (!RuleCodes.All.Any(code => code.Code == name))
                throw new UsageException($"there is no code '{name}': see 'picket rules codes'");
        }

        var codes = RuleCodes.All.Where(code => names.Length == 0 || names.Contains(code.Code, StringComparer.Ordinal)).ToList();
        if (json) JsonOutput.Write(writer => WriteJson(codes, writer));
        else WriteText(codes);
        return ExitCodes.Done;
    }

    private static void WriteText(List<RuleCode> codes)
    {
        foreach (var code in codes)
        {
            Console.Out.WriteLine($"{code.Code} ({string.Join(", ", RuleCodes.Words(code.Kinds))})");
            Console.Out.WriteLine($"    {code.Meaning}");
            Console.Out.WriteLine($"    -> {code.Remedy}");
        }
    }

    private static void WriteJson(List<RuleCode> codes, Utf8JsonWriter writer)
    {
        writer.WriteStartArray();
        foreach (var code in codes)
        {
            writer.WriteStartObject();
            writer.WriteString("code", code.Code);
            writer.WriteStartArray("kinds");
            foreach (var kind in RuleCodes.Words(code.Kinds)) writer.WriteStringValue(kind);
            writer.WriteEndArray();
            writer.WriteString("meaning", code.Meaning);
            writer.WriteString("remedy", code.Remedy);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }
}
