namespace Picket.Spec.Live;

/// <summary>Tests that start nodes on the real kernel run one after the other: each of them watches the whole host.</summary>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class LiveCollection
{
    public const string Name = "live";
}
