namespace Picket.Actors;

/// <summary>The result of something that has none.</summary>
public sealed class Done
{
    /// <summary>The only one.</summary>
    public static readonly Done Instance = new();

    private Done() { }
}
