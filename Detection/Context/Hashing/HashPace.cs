namespace Picket.Detection.Context.Hashing;

/// <summary>
/// Says when the next file may be read: an allowance that grows with time up to a second's worth, and that one file may overdraw.
/// </summary>
internal sealed class HashPace
{
    private readonly double _bytesPerSecond;
    private readonly TimeProvider _time;
    private double _allowance;
    private long _at;

    public HashPace(long bytesPerSecond, TimeProvider time)
    {
        _bytesPerSecond = bytesPerSecond;
        _time = time;
        _allowance = bytesPerSecond;
        _at = time.GetTimestamp();
    }

    /// <summary>How long the next file has to wait; zero for not at all.</summary>
    public TimeSpan Wait()
    {
        var now = _time.GetTimestamp();
        _allowance = Math.Min(_bytesPerSecond, _allowance + (_time.GetElapsedTime(_at, now).TotalSeconds * _bytesPerSecond));
        _at = now;
        return _allowance > 0 ? TimeSpan.Zero : TimeSpan.FromSeconds(-_allowance / _bytesPerSecond) + TimeSpan.FromMilliseconds(1);
    }

    /// <summary>Counts a file that is read.</summary>
    public void Spend(long bytes) => _allowance -= bytes;
}
