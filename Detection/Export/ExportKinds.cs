using System.Text;
using Picket.Detection.Events;

namespace Picket.Detection.Export;

/// <summary>The kinds of events that can be exported, and what users call them: <c>process_creation</c> and so on.</summary>
public static class ExportKinds
{
    /// <summary>Every kind that happens; what the start finds has not happened.</summary>
    public static IReadOnlyList<EventKind> All { get; } =
        [.. Enum.GetValues<EventKind>().Where(kind => kind is not (EventKind.Unknown or EventKind.ProcessSnapshot))];

    private static readonly Dictionary<EventKind, string> Names = All.ToDictionary(kind => kind, Name);

    /// <summary>The names of all, for people.</summary>
    public static string List => string.Join(", ", All.Select(NameOf));

    /// <summary>The kind called <paramref name="name"/>; null when there is none.</summary>
    public static EventKind? Find(string name)
    {
        foreach (var (kind, known) in Names)
        {
            if (known == name) return kind;
        }

        return null;
    }

    /// <summary>What users call <paramref name="kind"/>; <c>unknown</c> for one that is not in <see cref="All"/>.</summary>
    public static string NameOf(EventKind kind) => Names.GetValueOrDefault(kind, "unknown");

    private static string Name(EventKind kind)
    {
        var text = new StringBuilder();
        foreach (var letter in kind.ToString())
        {
            if (char.IsUpper(letter) && text.Length > 0) text.Append('_');
            text.Append(char.ToLowerInvariant(letter));
        }

        return text.ToString();
    }
}
