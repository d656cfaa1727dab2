using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>A reader of records that lie one behind another in a text: what all such readers have in common.</summary>
public abstract class WindowReader : IRecordReader
{
    private readonly EventSource _source;
    private readonly Action<MalformedRecord> _onMalformed;

    private protected WindowReader(Stream input, EventSource source, Action<MalformedRecord> onMalformed)
    {
        Window = new InputWindow(input);
        _source = source;
        _onMalformed = onMalformed;
    }

    /// <inheritdoc/>
    public long Records { get; private protected set; }

    /// <inheritdoc/>
    public long Malformed { get; private set; }

    /// <inheritdoc/>
    public long BytesRead => Window.BytesRead;

    /// <summary>What is read and not yet done with.</summary>
    private protected InputWindow Window { get; }

    /// <inheritdoc/>
    public bool Fill(EventBatch batch, IBatchOwner? owner)
    {
        batch.Begin(_source, owner);
        while (!TryFill(batch))
        {
        }

        return batch.Count > 0;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Window.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads on, past one record or one part that is none; false at the end.</summary>
    private protected abstract bool TryNext(EventBatch batch);

    private protected void Reject(long line, int column, string message)
    {
        Malformed++;
        _onMalformed(new MalformedRecord(_source.File!, line, column, message));
    }

    /// <summary>Reads records; false when the input turned out to be damaged: it ends there, and what came before is read yet.</summary>
    private bool TryFill(EventBatch batch)
    {
        try
        {
            while (batch.Count < batch.Capacity && batch.FreeBytes > 4096 && TryNext(batch))
            {
            }

            return true;
        }
        catch (InvalidDataException e)
        {
            Reject(Window.Line, Window.Column, $"the packed input is damaged, and ends here: {e.Message}");
            return false;
        }
    }
}
