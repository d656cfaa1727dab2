using Picket.Sensors.Ebpf.Records;

namespace Picket.Sensors.Ebpf.Calls;

/// <summary>Which system calls a program handles. Several programs of one concern may not share a call's same edge.</summary>
/// <param name="Program">The program's name without the suffix that tells the typed from the raw twin.</param>
/// <param name="Kind">The kind of its records; none for a program that makes several.</param>
/// <param name="Edge">Whether it looks at the entry or at the exit.</param>
/// <param name="Names">The calls' names; one that an architecture lacks is passed over.</param>
internal sealed record CallBinding(string Program, RecordKind Kind, CallEdge Edge, params IReadOnlyList<string> Names);
