namespace Picket.Detection.Context.Hashing;

/// <summary>To /hashing: there is something to hand on, or something is done.</summary>
internal sealed record HashNews
{
    internal static readonly HashNews Instance = new();
}
