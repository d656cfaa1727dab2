namespace Picket.Hocon;

/// <summary>A period of the calendar, whose length in time depends on where it starts.</summary>
/// <param name="Years">Whole years.</param>
/// <param name="Months">Whole months.</param>
/// <param name="Days">Whole days; a week is seven.</param>
public readonly record struct ConfigPeriod(int Years, int Months, int Days);
