using System.Text;
using Picket.Detection.Events;
using Picket.Detection.Sigma;

namespace Picket.Node.Replaying;

/// <summary>
/// Looks out for records that Windows itself wrote of what Sysmon writes, too: rules of the category are written for Sysmon's fields and
/// are not asked about them unless a pipeline says how, and nobody would wonder at rules that stay silent. For any thread.
/// </summary>
internal sealed class UnaskedRecords
{
    private const string Windows = "windows";

    /// <summary>Numbers of the channel Security which always are what the category is about.</summary>
    private static readonly (byte[] EventId, string Category)[] Table =
    [
        ([.. "4688"u8], "process_creation"), ([.. "4689"u8], "process_termination"), ([.. "5156"u8], "network_connection"),
    ];

    private static readonly FieldId EventId = FieldTable.Intern("EventID");

    private readonly byte _security = EventRouteTable.Intern("security");
    private readonly bool[] _wanted;
    private readonly bool[] _seen = new bool[Table.Length];

    private UnaskedRecords(bool[] wanted) => _wanted = wanted;

    /// <summary>What to look out for; null where no rule would be meant, or where a pipeline was given. Before anything is read.</summary>
    /// <param name="rules">The rules.</param>
    /// <param name="pipelines">The pipelines that they were read with.</param>
    public static UnaskedRecords? Of(IReadOnlyList<SigmaRule> rules, IReadOnlyList<string> pipelines)
    {
        if (pipelines.Count > 0) return null;
        var wanted = Array.ConvertAll(Table, row => rules.Any(rule => Is(rule.LogSource.Category, row.Category)
            && rule.LogSource.Service is null && (rule.LogSource.Product is null || Is(rule.LogSource.Product, Windows))));
        return Array.IndexOf(wanted, true) < 0 ? null : new UnaskedRecords(wanted);
    }

    /// <summary>Looks at one record.</summary>
    public void Look(in EventView view) // hot
    {
        var route = view.Record.Route;
        if (route.Category != EventRouteTable.NoRules || route.Service != _security) return;
        var digits = view.First(EventId).Text;
        for (var i = 0; i < Table.Length; i++)
        {
            if (_wanted[i] && digits.SequenceEqual(Table[i].EventId)) Volatile.Write(ref _seen[i], true);
        }
    }

    /// <summary>What to tell; null when there was nothing.</summary>
    public string? Warning()
    {
        var rows = Table.Where((_, index) => Volatile.Read(ref _seen[index])).ToList();
        return rows.Count == 0
            ? null
            : $"rules of {string.Join(", ", rows.Select(row => row.Category))} were not asked about the records of Security "
                + $"{string.Join(", ", rows.Select(row => Encoding.ASCII.GetString(row.EventId)))}: --pipeline windows asks them";
    }

    private static bool Is(string? name, string other) => string.Equals(name, other, StringComparison.OrdinalIgnoreCase);
}
