using Picket.Actors;
using Picket.Detection.Events;
using Picket.Detection.Events.Journal;
using Picket.Detection.Sigma;
using Picket.Node.CommandLine;
using Picket.Node.Options;

namespace Picket.Node.Hosting;

/// <summary>
/// Plays a few processes through a small node of its own before the real one watches, so that the first alert does not wait
/// for the compiler. Its table, counters, outbox and alert file are its own and are gone when it ends.
/// </summary>
internal static class Rehearsal
{
    private const int Processes = 48;
    private const int MatchEvery = 4;
    private const ulong FirstStartNs = 1_000_000;

    /// <summary>
    /// Real rules need not match anything that can be made up; this one takes the same ways: index, text, wildcard, expression.
    /// </summary>
    private const string Rule = """
        title: Rehearsal
        id: 00000000-0000-0000-0000-000000000001
        status: test
        description: Never leaves the rehearsal.
        author: Picket
        tags:
            - attack.execution
            - attack.t1059
        logsource:
            product: linux
            category: process_creation
        detection:
            selection_image:
                Image|endswith: /rehearsal
                ParentImage|startswith: /
            selection_line:
                CommandLine|contains:
                    - ' --matches '
                    - ' *--agrees '
                CommandLine|re: '--[a-z]+ [0-9]+$'
            filter:
                User: nobody
            condition: all of selection_* and not filter
        level: low
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(5);

    /// <summary>Runs it. What keeps it from ending well only makes the first alerts later: the real start says what is wrong.</summary>
    /// <param name="options">The real node's options.</param>
    /// <returns>Whether the alerts came.</returns>
    public static async Task<bool> RunAsync(NodeOptions options)
    {
        try
        {
            // In the node's own folder: what a kill leaves behind is removed by the next start.
            var folder = Path.Combine(options.DataDirectory, "rehearsal");
            if (Directory.Exists(folder)) Directory.Delete(folder, true);
            DiskFileSpace.Instance.EnsureFolder(options.DataDirectory);
            Directory.CreateDirectory(folder);
            try
            {
                return await RunAsync(options, folder, TimeProvider.System);
            }
            finally
            {
                Directory.Delete(folder, true);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or TimeoutException or UsageException)
        {
            return false;
        }
    }

    private static async Task<bool> RunAsync(NodeOptions options, string folder, TimeProvider time)
    {
        var own = options with
        {
            DataDirectory = Path.Combine(folder, "state"),
            Ebpf = null,
            Logs = null,
            Shards = 1,
            DrainTimeout = Limit,
            Alerting = options.Alerting with
            {
                File = Path.Combine(folder, "alerts.ndjson"), Sync = "none", SuppressWindow = TimeSpan.Zero, RateLimit = 0,
            },
            Export = options.Export is { } export ? export with { Path = Path.Combine(folder, "events.ndjson") } : null,
        };
        IActorRef context = ActorRefs.Nobody;
        var rules = SigmaRuleSet.Parse(Rule, "rehearsal", own.SigmaLoading with { Exclusions = [], Pipelines = [] });
        var host = await NodeHost.StartComposedAsync(own, rules, null, null, TextWriter.Null, time, parts => parts with
        {
            Sensors = (target, monitor) =>
            {
                context = target;
                return parts.Sensors(target, monitor);
            },
        });
        try
        {
            var batch = new EventBatch(3 * Processes, 64 * 1024);
            batch.Begin(new EventSource("rehearsal", "rehearsal", null, 0), null);
            Fill(batch);
            context.Tell(EventSlice.LendAll(batch, new LedgerEdge("rehearsal->context")), ActorRefs.NoSender);
            batch.LetGo();
            return await ArrivedAsync(host, time);
        }
        finally
        {
            await host.StopAsync(true);
        }
    }

    /// <summary>Waits until every sink has every alert.</summary>
    private static async Task<bool> ArrivedAsync(NodeHost host, TimeProvider time)
    {
        const int Alerts = Processes / MatchEvery;
        var started = time.GetTimestamp();
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(1), time);
        while (host.Counters.SinksTaken < Alerts)
        {
            if (time.GetElapsedTime(started) > Limit)
                throw new TimeoutException($"the rehearsal's {Alerts} alerts did not reach its sinks");
            await poll.WaitForNextTickAsync();
        }

        return true;
    }

    private static void Fill(EventBatch batch)
    {
        var creation = EventRouteTable.Route("linux", "process_creation", null);
        var termination = EventRouteTable.Route("linux", "process_termination", null);
        for (var i = 0; i < Processes; i++)
        {
            Add(batch, EventKind.ProcessFork, default, i);
            batch.SetDetail(DetailOf(i));

            ref var exec = ref Add(batch, EventKind.ProcessCreation, creation, i);
            exec.Flags = EventFlags.None;
            batch.AddText(Fields.Image, "/usr/bin/rehearsal"u8);
            batch.AddText(Fields.CurrentDirectory, "/"u8);
            var matches = i % MatchEvery == MatchEvery - 1;
            batch.AddText(Fields.CommandLine, matches ? "rehearsal --matches --number 1"u8 : "rehearsal --differs --number 1"u8);
            batch.SetDetail(DetailOf(i));

            Add(batch, EventKind.ProcessTermination, termination, i);
            batch.AddField(Fields.ExitCode, FieldKind.Number, batch.Append("0"u8), 1);
            batch.SetDetail(DetailOf(i));
        }
    }

    private static ref EventRecord Add(EventBatch batch, EventKind kind, EventRoute route, int process)
    {
        ref var record = ref batch.Add(kind);
        record.Route = route;
        record.Key = KeyOf(process);
        record.TimeNs = record.Key.StartNs + (ulong)kind;
        record.Sequence = (ulong)batch.Count;
        return ref record;
    }

    /// <summary>The first forks all others.</summary>
    private static ProcessDetail DetailOf(int process) => process == 0
        ? default
        : new ProcessDetail { ParentStartNs = KeyOf(0).StartNs, ParentPid = KeyOf(0).Pid };

    private static ProcessKey KeyOf(int process) => new(FirstStartNs + (ulong)process * 1000, 10 + process);
}
