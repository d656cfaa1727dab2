using System.Text;

namespace Picket.Fuzz;

/// <summary>What mutations put into the inputs of a target.</summary>
/// <param name="Tokens">What they insert, or write over what is there.</param>
/// <param name="Pairs">What they put around a part, at least one.</param>
internal sealed record Vocabulary(byte[][] Tokens, (byte[] Open, byte[] Close)[] Pairs)
{
    /// <summary>That of a target whose inputs are texts.</summary>
    public static Vocabulary OfTexts(string[] tokens, params (string Open, string Close)[] pairs) => new(
        [.. tokens.Select(Encoding.UTF8.GetBytes)],
        [.. pairs.Select(pair => (Encoding.UTF8.GetBytes(pair.Open), Encoding.UTF8.GetBytes(pair.Close)))]);
}
