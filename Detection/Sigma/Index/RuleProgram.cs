using Picket.Detection.Sigma.Ir;
using Picket.Detection.Sigma.Literals;

namespace Picket.Detection.Sigma.Index;

/// <summary>A rule over atom numbers.</summary>
/// <param name="Steps">All steps; parts come before what joins them.</param>
/// <param name="Root">The step that is the rule's answer.</param>
/// <param name="Rule">The normal form behind it.</param>
internal sealed record RuleProgram(ProgramStep[] Steps, int Root, RuleIr Rule)
{
    /// <summary>The rule's answer as far as the marks of an event give it.</summary>
    public Judgement Judge(NumberSet marks, MarkMeaning[] meanings) => Judge(Root, marks, meanings); // hot

    private Judgement Judge(int at, NumberSet marks, MarkMeaning[] meanings) // hot
    {
        ref readonly var step = ref Steps[at];
        switch (step.Kind)
        {
            case StepKind.Atom:
                var meaning = meanings[step.Number];
                if (meaning == MarkMeaning.Nothing) return Judgement.Open;
                if (!marks.Has(step.Number)) return Judgement.No;
                return meaning == MarkMeaning.Holds ? Judgement.Yes : Judgement.Open;

            case StepKind.Not:
                return (Judgement)((int)Judgement.Yes - (int)Judge(step.Parts[0], marks, meanings));

            case StepKind.And:
                var all = Judgement.Yes;
                foreach (var part in step.Parts)
                {
                    var judgement = Judge(part, marks, meanings);
                    if (judgement == Judgement.No) return Judgement.No;
                    if (judgement < all) all = judgement;
                }

                return all;

            case StepKind.Or:
                var any = Judgement.No;
                foreach (var part in step.Parts)
                {
                    var judgement = Judge(part, marks, meanings);
                    if (judgement == Judgement.Yes) return Judgement.Yes;
                    if (judgement > any) any = judgement;
                }

                return any;

            default:
                int sure = 0, open = 0;
                foreach (var part in step.Parts)
                {
                    var judgement = Judge(part, marks, meanings);
                    if (judgement == Judgement.Yes) sure++;
                    else if (judgement == Judgement.Open) open++;
                }

                return sure >= step.Number ? Judgement.Yes : sure + open >= step.Number ? Judgement.Open : Judgement.No;
        }
    }
}
