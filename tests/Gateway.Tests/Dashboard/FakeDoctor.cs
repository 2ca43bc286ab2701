using Gateway.Doctor;

namespace Gateway.Tests.Dashboard;

/// <summary>A doctor that finds what a test gives it, when the test lets it.</summary>
internal sealed class FakeDoctor : IDoctor
{
    /// <summary>The peers that were examined.</summary>
    public List<string?> Examined { get; } = [];

    /// <summary>What the next examinations find, or why they fail.</summary>
    public TaskCompletionSource<Diagnosis> Next { get; set; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public Task<Diagnosis> ExamineAsync(string? peer, WayWishes wishes, CancellationToken cancellationToken)
    {
        Examined.Add(peer);
        return Next.Task.WaitAsync(cancellationToken);
    }
}
