using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Picket.Fuzz;

/// <summary>A defect that is put into a target to see whether the search finds it. Never in a build that anything else uses.</summary>
/// <param name="Type">The full name of the type that has it.</param>
/// <param name="Method">The method that throws.</param>
/// <param name="Unless">
/// Instructions for the beginning of the method that go to the given one, where it began before, for inputs that do not show the defect.
/// They come in several steps, so that an input which is close takes new edges. No seed comes near it.
/// </param>
internal sealed record PlantedDefect(string Type, string Method, Func<MethodDefinition, Instruction, IEnumerable<Instruction>> Unless)
{
    /// <summary>What the defect throws.</summary>
    public const string Message = "the planted defect";

    /// <summary>Puts the defect into the module.</summary>
    public void Plant(ModuleDefinition module)
    {
        var method = module.GetType(Type).Methods.Single(method => method.Name == Method);
        var start = method.Body.Instructions[0];
        var exception = typeof(InvalidOperationException).GetConstructor([typeof(string)]);
        List<Instruction> planted =
        [
            .. Unless(method, start),
            Instruction.Create(OpCodes.Ldstr, Message),
            Instruction.Create(OpCodes.Newobj, module.ImportReference(exception)),
            Instruction.Create(OpCodes.Throw),
        ];
        var code = method.Body.GetILProcessor();
        foreach (var instruction in planted) code.InsertBefore(start, instruction);
    }

    /// <summary>A field of the type that the method belongs to.</summary>
    public static FieldDefinition FieldOf(MethodDefinition method, string name) => method.DeclaringType.Fields.Single(field => field.Name == name);
}
