using Picket.Detection.Events;

namespace Picket.Sensors.Replay;

/// <summary>Reads the records of one replayed input, in their order and in constant memory.</summary>
public interface IRecordReader : IDisposable
{
    /// <summary>Records that were read.</summary>
    long Records { get; }

    /// <summary>Parts of the input that were not a record; each was told with its place.</summary>
    long Malformed { get; }

    /// <summary>Bytes read so far.</summary>
    long BytesRead { get; }

    /// <summary>Fills <paramref name="batch"/> with the next records; false when the input has ended and none was left.</summary>
    /// <exception cref="IOException">The input cannot be read.</exception>
    bool Fill(EventBatch batch, IBatchOwner? owner);
}
