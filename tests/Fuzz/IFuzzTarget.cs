using System.Reflection;

namespace Picket.Fuzz;

/// <summary>Something whose inputs are searched: its code, what to begin with, what must hold, and what is broken to try the search.</summary>
/// <remarks>Made twice, the second time beside its rewritten code: it has no state but what never changes.</remarks>
internal interface IFuzzTarget
{
    /// <summary>What it is called on the command line.</summary>
    string Name { get; }

    /// <summary>The assemblies whose blocks are counted; the first one takes the defect.</summary>
    IReadOnlyList<Assembly> Assemblies { get; }

    /// <summary>The inputs to begin with.</summary>
    IEnumerable<byte[]> Seeds { get; }

    /// <summary>The ends of the names of files that are inputs, too; empty for any file.</summary>
    IReadOnlyList<string> Extensions => [];

    /// <summary>The inputs in such a file.</summary>
    IEnumerable<byte[]> SeedsIn(string file) => [File.ReadAllBytes(file)];

    /// <summary>What mutations put into inputs.</summary>
    Vocabulary Vocabulary { get; }

    /// <summary>What the search must find where it is planted.</summary>
    PlantedDefect Defect { get; }

    /// <summary>Bytes that one input may allocate, the checks' own included.</summary>
    long MaxAllocation { get; }

    /// <summary>
    /// Runs the code over an input; null where all holds, else what does not: a short name, a colon, and details. An exception is a
    /// finding, too.
    /// </summary>
    string? Check(byte[] input);
}
