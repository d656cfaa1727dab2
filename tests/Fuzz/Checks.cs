using System.Globalization;
using Picket.Hocon;

namespace Picket.Fuzz;

/// <summary>
/// What must hold of the reader for any input. An input is a text and, behind lines of <see cref="Separator"/>, the texts that its
/// includes find by their number: <c>include "1"</c>, <c>include "2.properties"</c>.
/// </summary>
internal static class Checks
{
    /// <summary>Stands between the texts of an input.</summary>
    public const string Separator = "\n%%\n";

    private const int AskedEntries = 16;

    /// <summary>Runs all checks; null where they hold, else what does not: a short name, a colon, and details.</summary>
    public static string? Run(string input)
    {
        var texts = input.Split(Separator);
        try
        {
            return Check(texts);
        }
        catch (TimeoutException)
        {
            return "hang: more blocks than any input may take";
        }
        catch (Exception e)
        {
            var frame = e.StackTrace?.Split('\n').FirstOrDefault(line => line.Contains("Picket.Hocon", StringComparison.Ordinal))?.Trim();
            return $"{e.GetType().Name} {frame}: {e.Message}";
        }
    }

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
