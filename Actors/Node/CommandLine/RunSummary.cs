using System.Globalization;
using System.Text;
using Picket.Node.Hosting;
using Picket.Node.Options;

namespace Picket.Node.CommandLine;

/// <summary>What a run says when it ends: seen, matched, lost.</summary>
internal static class RunSummary
{
    public static string Of(NodeHost host, bool drained, NodeOptions options, bool removed)
    {
        var counters = host.Counters;
        var text = new StringBuilder();
        text.AppendLine(CultureInfo.InvariantCulture,
            $"seen {counters.Seen} events, matched {counters.Matched}, alerts written {counters.Written}, "
            + $"lost {counters.Lost}, malformed {counters.Malformed}");
        if (host.Logs?.Counts is { } logs)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"logs: {logs.Lines} lines, {logs.CutLines} cut, {logs.OwnLines} of this node's own, {logs.SkippedTotal} bytes skipped");
        if (counters.Failed + counters.Dropped > 0)
            text.AppendLine(CultureInfo.InvariantCulture, $"failed {counters.Failed}, dropped {counters.Dropped}: see the ledger's alerts");
        text.AppendLine(counters.Ledger.IsBalanced ? "the ledger balances" : "the ledger does NOT balance: "
            + string.Join("; ", counters.Ledger.Unbalanced.Select(line => $"{line.Line} {line.In} in, {line.Out} out ({line.Detail})")));
        if (counters.Context.Journal is { Unwritten: > 0 } journal)
            text.AppendLine(CultureInfo.InvariantCulture, $"{journal.Unwritten} processes could not be written down for the next start");
        if (!drained)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"not everything arrived within {options.DrainTimeout.TotalSeconds:0.###} s: "
                + $"waiting at {string.Join(", ", counters.Ledger.Missing)}");
        if (options.Ebpf is { } ebpf && host.Ebpf is not null && !removed)
            text.AppendLine(CultureInfo.InvariantCulture,
                $"the kernel programs stay attached for the next start; to remove them: rm -r {ebpf.PinPath}");
        return text.ToString();
    }
}
