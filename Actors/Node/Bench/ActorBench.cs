using System.Diagnostics;
using Picket.Actors;

namespace Picket.Node.Bench;

/// <summary>
/// The kernel of actors in one process: default dispatcher and mailbox, a new object for each message. Only the
/// public surface is used, so that the same code runs on another implementation of it.
/// </summary>
internal sealed class ActorBench(int runs, int percent, string? only)
{
    private const int Warmups = 2;

    /// <summary>All scenarios, each told to <paramref name="done"/> when it is measured.</summary>
    public async Task<IReadOnlyList<BenchRow>> RunAsync(Action<BenchRow> done)
    {
        var rows = new List<BenchRow>();
        foreach (var (names, units, higherIsBetter, measure) in Scenarios())
        {
            if (only is not null && !names.Any(name => name.StartsWith(only, StringComparison.Ordinal))) continue;
            var figures = new List<double[]>();
            for (var run = -Warmups; run < runs; run++)
            {
                // What a round left behind is not the next one's work.
                _ = GC.GetTotalMemory(forceFullCollection: true);
                var system = ActorSystem.Create("bench", new ActorSystemOptions { StandardErrorLevel = null });
                try
                {
                    var figure = await measure(system);
                    if (run >= 0) figures.Add(figure);
                }
                finally
                {
                    await system.Terminate();
                }
            }

            for (var column = 0; column < names.Length; column++)
            {
                var row = new BenchRow(names[column], units[column], higherIsBetter, [.. figures.Select(figure => figure[column])]);
                rows.Add(row);
                done(row);
            }
        }

        return rows;
    }

    private IEnumerable<(string[] Names, string[] Units, bool HigherIsBetter, Func<ActorSystem, Task<double[]>> Measure)> Scenarios()
    {
        yield return (["tell"], ["messages/s"], true, system => TellAsync(system, Part(10_000_000)));
        yield return (["ping-pong-1"], ["messages/s"], true, system => PingPongAsync(system, 1, Part(2_000_000)));
        yield return (["ping-pong-8"], ["messages/s"], true, system => PingPongAsync(system, 8, Part(1_000_000)));
        yield return (["spawn-100k", "stop-100k"], ["s", "s"], false, system => ChildrenAsync(system, Part(100_000)));
        yield return (["idle-untyped"], ["bytes/actor"], false,
            system => IdleAsync(system, all => Props.Create(() => new IdleActor(all)), Part(100_000)));
        yield return (["idle-receive-3"], ["bytes/actor"], false,
            system => IdleAsync(system, all => Props.Create(() => new IdleReceiveActor(all)), Part(100_000)));
        yield return (["throw-10th-restart"], ["messages/s"], true, system => FailAsync(system, Directive.Restart, Part(1_000_000)));
        yield return (["throw-10th-resume"], ["messages/s"], true, system => FailAsync(system, Directive.Resume, Part(1_000_000)));
        yield return (["ask"], ["asks/s"], true, system => AskAsync(system, Part(500_000)));
    }

    private int Part(int whole) => Math.Max(100, (int)((long)whole * percent / 100));

    private static async Task<double[]> TellAsync(ActorSystem system, int messages)
    {
        var all = new Countdown(1);
        var counter = system.ActorOf(Props.Create(() => new CountingActor(messages, all)));
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= messages; i++) counter.Tell(new Payload(i), ActorRefs.NoSender);
        await all.Done;
        return [messages / clock.Elapsed.TotalSeconds];
    }

    private static async Task<double[]> PingPongAsync(ActorSystem system, int pairs, int rounds)
    {
        var all = new Countdown(pairs);
        var pingers = new IActorRef[pairs];
        for (var i = 0; i < pairs; i++)
        {
            var ponger = system.ActorOf(Props.Create(() => new PongActor()));
            pingers[i] = system.ActorOf(Props.Create(() => new PingActor(ponger, rounds, all)));
        }

        var clock = Stopwatch.StartNew();
        foreach (var pinger in pingers) pinger.Tell(new Payload(0), ActorRefs.NoSender);
        await all.Done;
        return [2.0 * rounds * pairs / clock.Elapsed.TotalSeconds];
    }

    private static async Task<double[]> ChildrenAsync(ActorSystem system, int children)
    {
        var all = new Countdown(children);
        var child = Props.Create(() => new IdleActor(all));
        var clock = Stopwatch.StartNew();
        var parent = system.ActorOf(Props.Create(() => new ParentActor(child, children)));
        await all.Done;
        var spawned = clock.Elapsed.TotalSeconds;
        clock.Restart();
        await parent.GracefulStop(TimeSpan.FromMinutes(1));
        return [spawned, clock.Elapsed.TotalSeconds];
    }

    private static async Task<double[]> IdleAsync(ActorSystem system, Func<Countdown, Props> child, int children)
    {
        var all = new Countdown(children);
        var before = GC.GetTotalMemory(forceFullCollection: true);
        system.ActorOf(Props.Create(() => new ParentActor(child(all), children)));
        await all.Done;
        return [(GC.GetTotalMemory(forceFullCollection: true) - before) / (double)children];
    }

    private static async Task<double[]> FailAsync(ActorSystem system, Directive directive, int messages)
    {
        var all = new Countdown(1);
        var failing = Props.Create(() => new FailingActor(messages, all));
        var parent = system.ActorOf(Props.Create(() => new FailingParentActor(failing, directive)));
        var child = await parent.Ask<IActorRef>("child");
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= messages; i++) child.Tell(new Payload(i), ActorRefs.NoSender);
        await all.Done;
        return [messages / clock.Elapsed.TotalSeconds];
    }

    private static async Task<double[]> AskAsync(ActorSystem system, int asks)
    {
        var ponger = system.ActorOf(Props.Create(() => new PongActor()));
        var clock = Stopwatch.StartNew();
        for (var i = 1; i <= asks; i++)
        {
            var answer = await ponger.Ask<Payload>(new Payload(i));
            if (answer.Number != i) throw new InvalidOperationException($"ask {i} was answered by {answer.Number}");
        }

        return [asks / clock.Elapsed.TotalSeconds];
    }
}
