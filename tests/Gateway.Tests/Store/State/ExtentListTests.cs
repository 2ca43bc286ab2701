using CsCheck;
using Gateway.Store.Records;
using Gateway.Store.State;
using Shouldly;
using Xunit;

namespace Gateway.Tests.Store.State;

public sealed class ExtentListTests
{
    private enum Step
    {
        Add,
        AddMany,
        RemoveFirst,
        Empty,
        DropEmpty,
        Clear,
    }

    /// <summary>Against a plain list, over several chunks.</summary>
    [Fact]
    public void AnySteps_DoWhatAListDoes() => Gen.Select(Gen.Enum<Step>(), Gen.Int[0, 1000]).Array[0, 120].Sample(
        steps =>
        {
            var list = new ExtentList();
            var model = new List<Extent>();
            var next = 1L;
            foreach (var (step, at) in steps) Apply(step, at, list, model, ref next);

            list.Count.ShouldBe(model.Count);
            for (var i = 0; i < model.Count; i++) (list[i].First, list[i].Live).ShouldBe((model[i].First, model[i].Live));
            for (var number = 0L; number < next + 2; number += 7)
            {
                var expected = model.FindIndex(extent => extent.Last > number);
                list.FirstEndingAfter(number).ShouldBe(expected < 0 ? model.Count : expected);
            }
        },
        iter: 500);

    private static void Apply(Step step, int at, ExtentList list, List<Extent> model, ref long next)
    {
        switch (step)
        {
            case Step.Add or Step.AddMany:
                for (var count = step == Step.Add ? 1 : 150; count > 0; count--)
                {
                    var extent = new Extent(1, next);
                    extent.Add(next, 10, 0);
                    next += 2;
                    list.Add(extent);
                    model.Add(extent);
                }

                break;
            case Step.RemoveFirst when model.Count > 0:
                for (var count = Math.Min(at % 80, model.Count); count > 0; count--)
                {
                    list.RemoveFirst();
                    model.RemoveAt(0);
                }

                break;
            case Step.Empty when model.Count > 0:
                var index = at % model.Count;
                if (list[index].Live == 0) break;
                list[index].Remove(list[index].First);
                model[index] = list[index];
                break;
            case Step.DropEmpty:
                list.DropEmpty();
                model.RemoveAll(extent => extent.Live == 0);
                break;
            case Step.Clear when at % 10 == 0:
                list.Clear();
                model.Clear();
                break;
        }
    }
}
