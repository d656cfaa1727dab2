using Picket.Detection.Events;
using Picket.Detection.Sigma.Matching;

namespace Picket.Detection.Sigma.Index;

/// <summary>A literal and where it must occur; <see cref="FieldId.Unnamed"/> is any value of the record.</summary>
internal readonly record struct IndexLiteral(FieldId Field, Literal Literal);
