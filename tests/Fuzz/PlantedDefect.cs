using Mono.Cecil;
using Mono.Cecil.Cil;

namespace Picket.Fuzz;

/// <summary>A defect that is put into the reader to see whether the search finds it. Never in a build that anything else uses.</summary>
internal static class PlantedDefect
{
    /// <summary>What the defect throws.</summary>
    public const string Message = "the planted defect";

    /// <summary>
    /// The reader of substitutions throws where one is read inside a list or an append, in a text that is included below at least two keys:
    /// <c>a { b { include "1" } }</c> with <c>c += ${d}</c> in the included text. No seed comes near it.
    /// </summary>
    public static void Plant(ModuleDefinition module)
    {
        var parser = module.GetType("Picket.Hocon.HoconParser");
        var body = parser.Methods.Single(method => method.Name == "ReadSubstitution").Body;
        var code = body.GetILProcessor();
        var start = body.Instructions[0];
        var prefix = module.GetType("Picket.Hocon.IncludeContext").Methods.Single(method => method.Name == "get_Prefix");
        var count = module.ImportReference(typeof(IReadOnlyCollection<string>).GetMethod("get_Count"));
        var exception = typeof(InvalidOperationException).GetConstructor([typeof(string)]);
        var lists = parser.Fields.Single(field => field.Name == "_lists");
        var context = parser.Fields.Single(field => field.Name == "_context");
        List<Instruction> planted = [];
        foreach (var depth in (int[])[1, 2])
        {
            planted.AddRange(
            [
                Instruction.Create(OpCodes.Ldarg_0),
                Instruction.Create(OpCodes.Ldfld, context),
                Instruction.Create(OpCodes.Callvirt, prefix),
                Instruction.Create(OpCodes.Callvirt, count),
                Instruction.Create(OpCodes.Ldc_I4, depth),
                Instruction.Create(OpCodes.Blt, start),
            ]);
        }

        planted.AddRange(
        [
            Instruction.Create(OpCodes.Ldarg_0),
            Instruction.Create(OpCodes.Ldfld, lists),
            Instruction.Create(OpCodes.Brfalse, start),
        ]);
        planted.AddRange(
        [
            Instruction.Create(OpCodes.Ldstr, Message),
            Instruction.Create(OpCodes.Newobj, module.ImportReference(exception)),
            Instruction.Create(OpCodes.Throw),
        ]);
        foreach (var instruction in planted) code.InsertBefore(start, instruction);
    }
}
