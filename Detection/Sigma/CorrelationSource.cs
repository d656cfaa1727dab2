namespace Picket.Detection.Sigma;

/// <summary>What a correlation rule refers to: a rule about single events, or another correlation. One of the two is null.</summary>
internal sealed record CorrelationSource(SigmaRule? Rule, CorrelationRule? Correlation)
{
    /// <summary>Names the content, so that state can be kept for what did not change.</summary>
    public string Identity => Rule?.Alert.ContentHash ?? Correlation!.Identity;

    public string Level => Rule?.Level ?? Correlation!.Level;

    public string Id => Rule?.Id ?? Correlation!.Id;

    public string Title => Rule?.Title ?? Correlation!.Title;
}
