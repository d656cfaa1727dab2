using System.Globalization;
using System.Text;
using Picket.Detection.Sigma.Diagnostics;
using Picket.Detection.Sigma.Parsing;

namespace Picket.Node.RuleTests;

/// <summary>
/// Reads the events of a test: <c>event</c>, or <c>events</c>, a list, or the path of a file of events, from the test's folder on. An event
/// is a mapping, or a line of a log as text. In a list it may be the <c>event</c> of an element that says when it happens (<c>at</c>: a
/// time, or how long after the test's beginning, such as 90s), how often (<c>repeat</c>), and how far apart (<c>every</c>).
/// </summary>
internal static class RuleTestEvents
{
    private const int MostRepeats = 100_000;
    private const string TimeField = "@timestamp";

    private static readonly DateTime Beginning = new(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc);
    private static readonly string[] ElementKeys = ["at", "event", "repeat", "every"];

    /// <summary>The events, or the file that they are in.</summary>
    /// <param name="map">The case.</param>
    /// <param name="path">The test's file.</param>
    /// <exception cref="RuleException">There is none, or one is malformed.</exception>
    public static (IReadOnlyList<byte[]> Inline, string? File) Read(YamlNode.Mapping map, string path)
    {
        var (one, many) = (map.Find("event"), map.Find("events"));
        if (one is null == many is null) throw new RuleException(map.At, SigmaCodes.MissingKey, "a test has either 'event' or 'events'");
        if (one is not null) return ([EventOf(one, null)], null);
        return many switch
        {
            YamlNode.Listing list when list.Items.Count > 0 => ([.. list.Items.SelectMany(ElementOf)], null),
            YamlNode.Scalar { Text: not "" } file => ([], Path.Combine(Path.GetDirectoryName(path) ?? "", file.Text)),
            _ => throw new RuleException(many!.At, SigmaCodes.Type, "'events' is a list of events, or the path of a file of events"),
        };
    }

    private static IEnumerable<byte[]> ElementOf(YamlNode node)
    {
        // Events of ECS have an object 'event', too, but none of the other keys.
        if (node is not YamlNode.Mapping map || map.Find("event") is not { } inner
            || !ElementKeys.Any(key => key != "event" && map.Find(key) is not null))
        {
            return [EventOf(node, null)];
        }

        foreach (var (key, _) in map.Pairs)
        {
            if (Array.IndexOf(ElementKeys, key.Text) < 0)
            {
                throw new RuleException(key.At, SigmaCodes.Value,
                    $"unknown key '{key.Text}' beside 'event': {string.Join(", ", ElementKeys)}");
            }
        }

        var at = map.Find("at") is { } time ? TimeOf(time) : (DateTime?)null;
        var every = map.Find("every") is { } step ? StepOf(step) : TimeSpan.Zero;
        if (map.KeyOf("every") is { } idle && (at is null || map.Find("repeat") is null))
            throw new RuleException(idle.At, SigmaCodes.Value, "'every' has no meaning without 'at' and 'repeat'");
        var repeat = map.Find("repeat") is { } times ? RepeatOf(times) : 1;
        if (at is null) return Enumerable.Repeat(EventOf(inner, null), repeat);
        return [.. Enumerable.Range(0, repeat).Select(i => EventOf(inner, at + (i * every)))];
    }

    private static byte[] EventOf(YamlNode node, DateTime? at)
    {
        switch (node)
        {
            case YamlNode.Mapping map when at is { } time:
                if (map.KeyOf(TimeField) is { } own)
                    throw new RuleException(own.At, SigmaCodes.Value, $"the event has a '{TimeField}' and an 'at'");
                var text = time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture);
                return EventJson.Of(new YamlNode.Mapping(map.At,
                    [(new YamlNode.Scalar(map.At, TimeField, false), new YamlNode.Scalar(map.At, text, false)), .. map.Pairs]));

            case YamlNode.Mapping map:
                return EventJson.Of(map);

            case YamlNode.Scalar { Text: not "" } when at is not null:
                throw new RuleException(node.At, SigmaCodes.Type, "a line of a log says itself when it was written: it has no 'at'");

            case YamlNode.Scalar { Text: not "" } line:
                return Encoding.UTF8.GetBytes(line.Text);
        }

        throw new RuleException(node.At, SigmaCodes.Type, $"an event is a mapping or a line of a log, this is {node.Shape}");
    }

    private static DateTime TimeOf(YamlNode node)
    {
        if (node is not YamlNode.Scalar scalar) throw new RuleException(node.At, SigmaCodes.Type, $"'at' is {node.Shape}");
        if (scalar.Text is "0" or "0s" or "0m" or "0h" or "0d") return Beginning;
        if (!scalar.Text.Contains('-', StringComparison.Ordinal)) return Beginning + Timespan.Read(scalar);
        return DateTimeOffset.TryParse(scalar.Text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            && time >= DateTimeOffset.UnixEpoch
            ? time.UtcDateTime
            : throw new RuleException(node.At, SigmaCodes.Value,
                $"'at' is '{scalar.Text}': a time such as 2026-01-31T12:00:00Z, or how long after the test's beginning, such as 90s");
    }

    private static TimeSpan StepOf(YamlNode node) => node is YamlNode.Scalar scalar
        ? Timespan.Read(scalar)
        : throw new RuleException(node.At, SigmaCodes.Type, $"'every' is {node.Shape}");

    private static int RepeatOf(YamlNode node) => node is YamlNode.Scalar scalar
        && int.TryParse(scalar.Text, NumberStyles.None, CultureInfo.InvariantCulture, out var times) && times is >= 1 and <= MostRepeats
        ? times
        : throw new RuleException(node.At, SigmaCodes.Value, $"'repeat' is a number from 1 to {MostRepeats}");
}
