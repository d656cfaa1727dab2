namespace Picket.Detection.Sigma.Matching;

/// <summary>The part of a date that a rule asks for.</summary>
internal enum TimePart
{
    Minute,
    Hour,
    Day,
    Week,
    Month,
    Year,
}
