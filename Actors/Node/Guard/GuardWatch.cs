namespace Picket.Node.Guard;

/// <summary>
/// Decides what is to be said of the node. Each episode is said once; it ends with the next heartbeat. Time in which the guard itself
/// was not run (a suspended host, a stopped virtual machine, its own control group frozen) says nothing of the node.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class GuardWatch(TimeProvider time)
{
    /// <summary>The longest time from one look to the next.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>How long a halt may take that is not said: debuggers and core dumps make short ones.</summary>
    public static readonly TimeSpan ShortHalt = TimeSpan.FromSeconds(1.5);

    /// <summary>How long heartbeats may stay away on a busy host. They come each second, and the alert is due within 5 s.</summary>
    public static readonly TimeSpan ShortSilence = TimeSpan.FromSeconds(4);

    /// <summary>A look that comes later than this was kept from coming, and the node may have been kept from beating as well.</summary>
    private static readonly TimeSpan Overslept = Interval + TimeSpan.FromSeconds(2);

    private long _looked = time.GetTimestamp();
    private long _heard = time.GetTimestamp();
    private long _halted;
    private bool _isHalted;
    private bool _said;

    /// <summary>When the last heartbeat came.</summary>
    public DateTimeOffset LastBeat { get; private set; } = time.GetUtcNow();

    /// <summary>How long the next look may wait for the pipe.</summary>
    public TimeSpan NextLook
    {
        get
        {
            if (_said) return Interval;
            var now = time.GetTimestamp();
            var due = ShortSilence - time.GetElapsedTime(_heard, now);
            if (_isHalted) due = TimeSpan.FromTicks(Math.Min(due.Ticks, (ShortHalt - time.GetElapsedTime(_halted, now)).Ticks));
            return TimeSpan.FromTicks(Math.Clamp(due.Ticks, TimeSpan.TicksPerMillisecond, Interval.Ticks));
        }
    }

    /// <summary>Takes in one look.</summary>
    public GuardVerdict Look(GuardSight sight)
    {
        var now = time.GetTimestamp();
        var overslept = time.GetElapsedTime(_looked, now) > Overslept;
        _looked = now;
        if (sight.Goodbye) return GuardVerdict.Farewell;
        if (sight.IsPipeClosed) return GuardVerdict.Ended;
        if (sight.Beats > 0)
        {
            LastBeat = time.GetUtcNow();
            _said = false;
        }

        // Who beats is not held, whatever a look between two of its steps under a tracer shows.
        var halted = sight.State is 'T' or 't' && sight.Beats == 0;
        if (sight.Beats > 0 || overslept) _heard = now;
        if (halted && (!_isHalted || overslept)) _halted = now;
        _isHalted = halted;
        if (_said) return GuardVerdict.Nothing;
        _said = time.GetElapsedTime(_heard, now) >= ShortSilence || (halted && time.GetElapsedTime(_halted, now) >= ShortHalt);
        return !_said ? GuardVerdict.Nothing : halted ? GuardVerdict.Halted : GuardVerdict.Silent;
    }
}
