namespace Picket.Spec.Kernel.Promises;

/// <summary>A message of a program; each object is sent once.</summary>
internal sealed class Told(Deed deed, int sender, int number)
{
    private int _ends;

    public Deed Deed => deed;

    public int Sender => sender;

    public int Number => number;

    /// <summary>Touched by its receiver only.</summary>
    public bool Stashed { get; set; }

    /// <summary>How often it was handled to the end, or found in dead letters.</summary>
    public int Ends => Volatile.Read(ref _ends);

    public void End() => Interlocked.Increment(ref _ends);

    public override string ToString() => $"{Deed} {Number} of {Sender}";
}
