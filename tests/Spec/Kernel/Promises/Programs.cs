namespace Picket.Spec.Kernel.Promises;

/// <summary>One program for each thread.</summary>
internal sealed record Programs(Step[][] Steps, int Throughput)
{
    /// <summary>A smaller program may need luck to fail as well: it gets some tries.</summary>
    private const int Tries = 5;

    private const int Length = 200;

    /// <summary>How often each deed comes up.</summary>
    private static readonly (Deed Deed, int Weight)[] Weights =
    [
        (Deed.Tell, 20), (Deed.Await, 4), (Deed.Stash, 5), (Deed.Unstash, 3), (Deed.Restart, 3), (Deed.RestartLater, 2), (Deed.Resume, 2),
        (Deed.FailMaking, 1), (Deed.FailPostRestart, 1), (Deed.Become, 1), (Deed.Stack, 2), (Deed.Unstack, 2), (Deed.Timer, 2),
        (Deed.Poison, 1), (Deed.Kill, 1), (Deed.Stop, 1), (Deed.Watch, 4), (Deed.Unwatch, 2), (Deed.WatcherFails, 1), (Deed.Replace, 3),
    ];

    private static readonly Deed[] Deeds = [.. Weights.SelectMany(pair => Enumerable.Repeat(pair.Deed, pair.Weight))];

    private bool IsShrunk { get; init; }

    public static Programs Of(int seed)
    {
        var random = new Random(seed);
        var steps = new Step[World.Threads][];
        for (var thread = 0; thread < steps.Length; thread++)
        {
            steps[thread] = new Step[Length];
            for (var i = 0; i < Length; i++)
                steps[thread][i] = new Step(Deeds[random.Next(Deeds.Length)], random.Next(World.Places), random.Next(World.Watchers));
        }

        return new Programs(steps, random.Next(3) switch { 0 => 1, 1 => 3, _ => 100 });
    }

    public string? FirstBroken()
    {
        for (var i = IsShrunk ? Tries : 1; i > 0; i--)
        {
            if (World.FirstBroken(Steps, Throughput) is { } broken) return broken;
        }

        return null;
    }

    /// <summary>Without a half, a quarter, an eighth .. of one thread's steps.</summary>
    public IEnumerable<Programs> Smaller()
    {
        for (var thread = 0; thread < Steps.Length; thread++)
        {
            var steps = Steps[thread];
            for (var length = steps.Length; length > 0; length /= 2)
            {
                for (var from = 0; from + length <= steps.Length; from += length)
                {
                    var fewer = Steps.ToArray();
                    fewer[thread] = [.. steps[..from], .. steps[(from + length)..]];
                    yield return this with { Steps = fewer, IsShrunk = true };
                }
            }
        }
    }

    public override string ToString() =>
        $"throughput {Throughput}\n{string.Join("\n", Steps.Select((steps, thread) => $"thread {thread}: {string.Join(" ", (object[])steps)}"))}\n";
}
