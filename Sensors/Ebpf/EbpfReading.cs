namespace Picket.Sensors.Ebpf;

/// <summary>How the ring is read.</summary>
/// <param name="Batches">Batches in the pool: the pipeline's credit.</param>
/// <param name="BatchRecords">Records a batch.</param>
/// <param name="BatchBytes">Initial arena of a batch in bytes.</param>
/// <param name="DrainInterval">How long records gather at most between two looks at the ring while they flow.</param>
/// <param name="BarrierInterval">Time between barriers.</param>
public sealed record EbpfReading(int Batches, int BatchRecords, int BatchBytes, TimeSpan DrainInterval, TimeSpan BarrierInterval)
{
    /// <summary>The reader's nice value, from -20 to 19; 0 as any other thread's. Without the right to it, it stays as it is.</summary>
    public int Nice { get; init; }
}
