namespace Picket.Persister;

/// <summary>Standard output, as frames. What <see cref="Tell"/> has returned from is in the pipe, whatever happens to the process.</summary>
internal sealed class Report(Stream output)
{
    private readonly Lock _sync = new();
    private readonly byte[] _buffer = new byte[4096 / Frame.Length * Frame.Length];
    private int _used;

    public void Tell(in Frame frame)
    {
        lock (_sync)
        {
            Add(frame);
            Flush();
        }
    }

    /// <summary>As <see cref="Tell"/>, but may be told later: for what nobody relies on yet.</summary>
    public void TellLater(in Frame frame)
    {
        lock (_sync) Add(frame);
    }

    private void Add(in Frame frame)
    {
        if (_used == _buffer.Length) Flush();
        frame.Write(_buffer.AsSpan(_used));
        _used += Frame.Length;
    }

    private void Flush()
    {
        output.Write(_buffer, 0, _used);
        output.Flush();
        _used = 0;
    }
}
