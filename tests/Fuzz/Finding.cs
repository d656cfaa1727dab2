namespace Picket.Fuzz;

/// <summary>An input for which something does not hold.</summary>
/// <param name="What">The check and its details.</param>
/// <param name="Input">The least input that was found for it.</param>
/// <param name="Execution">The number of the execution that found it, from 1.</param>
internal sealed record Finding(string What, string Input, long Execution)
{
    /// <summary>What two inputs have in common that show the same fault.</summary>
    public string Signature => SignatureOf(What);

    /// <summary>The name of the check that <paramref name="what"/> begins with.</summary>
    public static string SignatureOf(string what) => what[..(what.IndexOf(": ", StringComparison.Ordinal) is >= 0 and var end ? end : what.Length)];
}
