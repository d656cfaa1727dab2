namespace Picket.Sensors.Ebpf;

/// <summary>
/// Tells a ring that stands still from one that is empty: a program that was stopped while it wrote, a reader that hangs, or a
/// pipeline that completes nothing. Looked at now and then by one thread.
/// </summary>
internal sealed class RingWatch(TimeSpan limit, TimeProvider time)
{
    private ulong _position;
    private long _since;
    private bool _said;

    /// <summary>A look at the ring.</summary>
    /// <param name="published">The position up to which records are done with.</param>
    /// <param name="produced">The position up to which room was taken.</param>
    /// <returns>What is to be said, once for each time that the ring stands still; null for nothing.</returns>
    public RingStalled? Look(ulong published, ulong produced)
    {
        var now = time.GetTimestamp();
        if (_since == 0 || published != _position || published == produced)
        {
            (_position, _since, _said) = (published, now, false);
            return null;
        }

        var still = time.GetElapsedTime(_since, now);
        if (_said || still < limit) return null;
        _said = true;
        return new RingStalled(still, produced - published);
    }
}
