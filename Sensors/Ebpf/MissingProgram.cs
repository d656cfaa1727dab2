namespace Picket.Sensors.Ebpf;

/// <summary>A program that is not at work, so that what it would see is not seen.</summary>
/// <param name="Program">Its name.</param>
/// <param name="Reason">Why: the kernel's own words.</param>
public sealed record MissingProgram(string Program, string Reason)
{
    /// <inheritdoc/>
    public override string ToString() => $"{Program}: {Reason}";
}
