namespace Picket.Sensors.Ebpf.Decoding;

/// <summary>What became of a record's bytes.</summary>
public enum DecodeResult
{
    /// <summary>The batch holds one record more.</summary>
    Decoded = 0,

    /// <summary>The bytes contradict themselves; the batch is as before.</summary>
    Malformed = 1,

    /// <summary>A kind that this build does not know; the batch is as before.</summary>
    Unknown = 2,
}
