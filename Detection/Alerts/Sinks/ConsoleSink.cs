using System.Text;
using Picket.Detection.Alerts.Ecs;
using Picket.Detection.Alerts.Outbox;

namespace Picket.Detection.Alerts.Sinks;

/// <summary>Writes the readable line of each alert for people.</summary>
public sealed class ConsoleSink : IAlertSink
{
    private const string Reset = "\u001b[0m";

    private readonly TextWriter _writer;
    private readonly bool _colours;

    /// <param name="writer">Where to; flushed after each line.</param>
    /// <param name="colours">Whether the level is coloured; the caller knows whether a terminal is behind the writer.</param>
    public ConsoleSink(TextWriter writer, bool colours)
    {
        _writer = writer;
        _colours = colours;
    }

    /// <inheritdoc/>
    public SinkResult Write(OutboxEntry entry)
    {
        _writer.WriteLine(Format(entry.Level, entry.TimeNs, Encoding.UTF8.GetString(entry.Text), _colours));
        _writer.Flush();
        return SinkResult.Written;
    }

    /// <summary>The line of one alert, without its line feed.</summary>
    /// <param name="level">How bad it is.</param>
    /// <param name="timeNs">When it happened: nanoseconds since 1970 UTC.</param>
    /// <param name="text">The alert's readable line.</param>
    /// <param name="colours">Whether the level is coloured.</param>
    internal static string Format(AlertLevel level, long timeNs, string text, bool colours)
    {
        var line = new StringBuilder();

        // To the millisecond: the nanoseconds are in the document.
        line.Append(EcsTime.Format(timeNs).AsSpan(0, 23)).Append("Z ");
        if (colours) line.Append(ColourOf(level));
        line.Append(AlertLevels.Word(level).PadRight(13));
        if (colours) line.Append(Reset);
        return line.Append(' ').Append(text).ToString();
    }

    private static string ColourOf(AlertLevel level) => level switch
    {
        AlertLevel.Critical => "\u001b[1;97;41m",
        AlertLevel.High => "\u001b[1;31m",
        AlertLevel.Medium => "\u001b[33m",
        AlertLevel.Low => "\u001b[36m",
        _ => "\u001b[2m",
    };
}
