namespace Picket.Actors;

/// <summary>For fields that may hold no cancelable.</summary>
public static class CancelableExtensions
{
    /// <summary>Calls it off if there is one.</summary>
    public static void CancelIfNotNull(this ICancelable? cancelable) => cancelable?.Cancel();
}
