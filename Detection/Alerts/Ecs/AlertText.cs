using System.Globalization;
using System.Text;
using Picket.Detection.Context;
using Picket.Detection.Events;

namespace Picket.Detection.Alerts.Ecs;

/// <summary>
/// The readable line of an alert. Everything in it that an attacker may have chosen is stripped of what a terminal would
/// obey: control characters, direction marks and other invisible ones are shown by their numbers.
/// </summary>
internal static class AlertText
{
    private const int LongestCommand = 400;
    private const int LongestName = 64;

    internal static string Of(AlertRule rule, in EventView view, AlertCorrelation? correlation = null)
    {
        var text = new StringBuilder();
        Append(text, rule.Name, LongestCommand);
        if (correlation is not null)
        {
            text.Append(" | ");
            Append(text, CorrelationFields.TextOf(correlation), LongestCommand);
        }

        ref readonly var record = ref view.Record;
        if (view.Source.Log is { } log)
        {
            AppendPart(text, " | ", view.Raw, LongestCommand);
            text.Append(" | ");
            Append(text, PathTail(log), LongestName);
            return text.ToString();
        }

        AppendChain(text, view);
        if (record.Key.Pid > 0) text.Append(CultureInfo.InvariantCulture, $" | pid {record.Key.Pid}");
        else if (FieldNumber.TryRead(view.First(Fields.ProcessId), out var pid)) text.Append(CultureInfo.InvariantCulture, $" | pid {pid}");
        AppendPart(text, " | user ", view.First(Fields.User).Text, LongestName);
        AppendPart(text, " | ", view.First(Fields.CommandLine).Text, LongestCommand);
        if (view.Source.File is { } file)
        {
            text.Append(" | ");
            Append(text, PathTail(file), LongestName);
            text.Append(CultureInfo.InvariantCulture, $":{record.Sequence}");
        }

        return text.ToString();
    }

    internal static string Of(Notice notice)
    {
        var text = new StringBuilder();
        Append(text, notice.Title, LongestCommand);
        text.Append(": ");
        Append(text, notice.Message, 4 * LongestCommand);
        return text.ToString();
    }

    /// <summary>
    /// Appends at most <paramref name="longest"/> characters of <paramref name="source"/>, harmless for a terminal and on one
    /// line.
    /// </summary>
    internal static void Append(StringBuilder text, ReadOnlySpan<char> source, int longest)
    {
        var stop = text.Length + longest;
        foreach (var rune in source.EnumerateRunes())
        {
            if (text.Length >= stop)
            {
                text.Append('…');
                return;
            }

            if (IsHarmless(rune)) text.Append(rune.ToString());
            else text.Append(CultureInfo.InvariantCulture, $"\\u{{{rune.Value:x}}}");
        }
    }

    private static bool IsHarmless(Rune rune)
    {
        if (rune.Value is >= 0x20 and < 0x7F) return true;
        return Rune.GetUnicodeCategory(rune) is not (UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.LineSeparator
            or UnicodeCategory.ParagraphSeparator or UnicodeCategory.Surrogate or UnicodeCategory.PrivateUse
                or UnicodeCategory.OtherNotAssigned);
    }

    private static void AppendChain(StringBuilder text, in EventView view)
    {
        var chain = new List<string>();
        if (view.Context is ProcessContext context)
        {
            for (ProcessContext? at = context; at is not null && chain.Count <= ProcessContext.MaxAncestors; at = at.Parent)
                chain.Add(NameOf(at.Program.Executable));
        }
        else
        {
            if (!view.First(Fields.Image).Text.IsEmpty) chain.Add(NameOf(view.First(Fields.Image).Text));
            if (!view.First(Fields.ParentImage).Text.IsEmpty) chain.Add(NameOf(view.First(Fields.ParentImage).Text));
        }

        if (chain.Count > 0) text.Append(" | ");
        for (var i = chain.Count - 1; i >= 0; i--)
        {
            Append(text, chain[i], LongestName);
            if (i > 0) text.Append(" > ");
        }
    }

    private static string NameOf(ReadOnlySpan<byte> executable) =>
        executable.IsEmpty ? "?" : Encoding.UTF8.GetString(PathName.NameOf(executable));

    private static string PathTail(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static void AppendPart(StringBuilder text, string label, ReadOnlySpan<byte> value, int longest)
    {
        if (value.IsEmpty) return;
        text.Append(label);

        // A few bytes more than can be shown are enough to know that something was cut.
        Append(text, Encoding.UTF8.GetString(value[..Math.Min(value.Length, 4 * longest + 4)]), longest);
    }
}
