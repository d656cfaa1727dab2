using System.Globalization;
using System.Reflection;
using System.Text;
using Mono.Cecil.Cil;
using Picket.Hocon;

namespace Picket.Fuzz.Targets;

/// <summary>
/// The HOCON reader. An input is a text and, behind lines of <see cref="Separator"/>, the texts that its includes find by their number:
/// <c>include "1"</c>, <c>include "2.properties"</c>.
/// </summary>
internal sealed class HoconTarget : IFuzzTarget
{
    /// <summary>Stands between the texts of an input.</summary>
    private const string Separator = "\n%%\n";

    private const int AskedEntries = 16;

    public string Name => "hocon";

    public IReadOnlyList<Assembly> Assemblies => [typeof(Config).Assembly];

    public IEnumerable<byte[]> Seeds => HoconSeeds.All;

    public IReadOnlyList<string> Extensions => [".conf", ".json", ".properties"];

    public Vocabulary Vocabulary => HoconSeeds.Vocabulary;

    public long MaxAllocation => 4L << 30;

    /// <summary>
    /// The reader of substitutions throws where one is read inside a list or an append, in a text that is included below at least two keys:
    /// <c>a { b { include "1" } }</c> with <c>c += ${d}</c> in the included text.
    /// </summary>
    public PlantedDefect Defect { get; } = new("Picket.Hocon.HoconParser", "ReadSubstitution", (method, start) =>
    {
        var prefix = method.Module.GetType("Picket.Hocon.IncludeContext").Methods.Single(method => method.Name == "get_Prefix");
        var count = method.Module.ImportReference(typeof(IReadOnlyCollection<string>).GetMethod("get_Count"));
        var context = PlantedDefect.FieldOf(method, "_context");
        IEnumerable<Instruction> ShallowerThan(int depth) =>
        [
            Instruction.Create(OpCodes.Ldarg_0),
            Instruction.Create(OpCodes.Ldfld, context),
            Instruction.Create(OpCodes.Callvirt, prefix),
            Instruction.Create(OpCodes.Callvirt, count),
            Instruction.Create(OpCodes.Ldc_I4, depth),
            Instruction.Create(OpCodes.Blt, start),
        ];
        return
        [
            .. ShallowerThan(1),
            .. ShallowerThan(2),
            Instruction.Create(OpCodes.Ldarg_0),
            Instruction.Create(OpCodes.Ldfld, PlantedDefect.FieldOf(method, "_lists")),
            Instruction.Create(OpCodes.Brfalse, start),
        ];
    });

    public string? Check(byte[] input) => Check(Encoding.UTF8.GetString(input).Split(Separator));

    private static string? Check(string[] texts)
    {
        var config = Try(() => ConfigurationFactory.ParseString(texts[0], name => Included(texts, name)), texts, out var fault);
        if (config is null) return fault;
        var json = Try(() => Render(config), texts, out fault);
        if (fault is not null) return fault;
        if (Try(() => Render(config.WithFallback(ConfigurationFactory.Empty)), texts, out _) != json) return "fallback: an empty one changes the whole";
        Try(() => Render(config.Resolve(static name => name)), texts, out fault);
        if (fault is not null || json is null) return fault;
        if (json[0] == '{' && Render(Config.Empty.WithFallback(config)) != json) return "fallback: behind an empty one it is another";
        config = config.Resolve();
        if (Render(ConfigurationFactory.ParseString(json)) != json) return $"round trip: {json} reads back as another";
        var indented = ConfigRenderer.ToJson(config, indented: true);
        if (Render(ConfigurationFactory.ParseString(indented)) != json) return "round trip: the indented text reads back as another";
        return config.Entries.Take(AskedEntries).Select(entry => Ask(config, entry, texts)).FirstOrDefault(found => found is not null);
    }

    private static string Render(Config config) => ConfigRenderer.ToJson(config.Resolve(), indented: false);

    private static string? Included(string[] texts, string name)
    {
        var digits = name.AsSpan(0, name.AsSpan().IndexOfAnyExceptInRange('0', '9') is >= 0 and var end ? end : name.Length);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number > 0 && number < texts.Length
            ? texts[number]
            : null;
    }

    // Only the documented exception may come, and it must say where.
    private static T? Try<T>(Func<T> act, string[] texts, out string? fault)
        where T : class
    {
        fault = null;
        try
        {
            return act();
        }
        catch (ConfigException e)
        {
            var lines = texts.Max(text => text.AsSpan().Count('\n')) + 1;
            var isPlaced = e.Origin is { Line: > 0, Column: > 0 } && e.Origin.Line <= lines && e.Reason.Length > 0;
            if (!isPlaced) fault = $"place: {e.Message}";
            return null;
        }
    }

    private static string? Ask(Config config, ConfigEntry entry, string[] texts)
    {
        var isNull = entry.Value.Kind == ConfigValueKind.Null;
        if (config.HasPath(entry.Path) == isNull || (!isNull && !ReferenceEquals(config.GetValue(entry.Path), entry.Value)))
            return $"path: {entry.Path} does not lead to its value";
        foreach (var get in (Func<object?>[])
        [
            () => config.GetString(entry.Path), () => config.GetInt(entry.Path), () => config.GetDouble(entry.Path),
            () => config.GetDecimal(entry.Path), () => config.GetTimeSpan(entry.Path), () => config.GetByteSize(entry.Path),
            () => config.GetPeriod(entry.Path), () => config.GetStringList(entry.Path), () => config.GetBoolean(entry.Path),
        ])
        {
            Try(() => get() ?? "", texts, out var fault);
            if (fault is not null) return fault;
        }

        return null;
    }
}
