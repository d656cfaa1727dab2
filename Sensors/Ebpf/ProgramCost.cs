namespace Picket.Sensors.Ebpf;

/// <summary>What a program cost the verifier.</summary>
/// <param name="Program">The program's name.</param>
/// <param name="Instructions">Instructions walked, of at most a million; 0 where the kernel (before 5.16) does not say.</param>
public sealed record ProgramCost(string Program, uint Instructions);
