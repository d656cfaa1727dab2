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
        var level = AlertLevels.Word(entry.Level);
        var line = new StringBuilder();

        // To the millisecond: the nanoseconds are in the document.
        line.Append(EcsTime.Format(entry.TimeNs).AsSpan(0, 23)).Append("Z ");
        if (_colours) line.Append(ColourOf(entry.Level));
        line.Append(level.PadRight(13));
        if (_colours) line.Append(Reset);
        line.Append(' ').Append(Encoding.UTF8.GetString(entry.Text));
        _writer.WriteLine(line);
        _writer.Flush();
        return SinkResult.Written;
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
