namespace Picket.Detection.Sigma.Index;

/// <summary>What is known of an answer; in the order of a three-valued logic.</summary>
internal enum Judgement
{
    No = 0,
    Open = 1,
    Yes = 2,
}
