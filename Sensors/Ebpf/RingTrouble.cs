namespace Picket.Sensors.Ebpf;

/// <summary>What others did to the mapped ring, as its readers found it. Written and read by any thread.</summary>
internal sealed class RingTrouble
{
    private long _moved;
    private long _skipped;
    private long _saidMoved;
    private long _saidSkipped;

    /// <summary>The published position was not the one that the reader had published.</summary>
    public void Move() => Interlocked.Increment(ref _moved);

    /// <summary>So many bytes could not be read as records.</summary>
    public void Skip(ulong bytes) => Interlocked.Add(ref _skipped, (long)bytes);

    /// <summary>What was found since the last call, in words; null for nothing. Called by one thread.</summary>
    public string? Take()
    {
        var (moved, skipped) = (Interlocked.Read(ref _moved), Interlocked.Read(ref _skipped));
        if (moved == _saidMoved && skipped == _saidSkipped) return null;
        var words = new List<string>();
        if (moved > _saidMoved) words.Add("the position up to which it was read had been moved, and was put back");
        if (skipped > _saidSkipped) words.Add($"{skipped - _saidSkipped} bytes in it were no records any more, and were given up");
        (_saidMoved, _saidSkipped) = (moved, skipped);
        return string.Join("; ", words);
    }
}
