using Gateway.Doctor;

namespace Gateway.Dashboard.Access;

/// <summary>The pages' only access to the doctor: it checks the caller's rights first, since an examination costs time and bytes.</summary>
internal sealed class GuardedDoctor(IDoctor doctor, Operator caller)
{
    /// <inheritdoc cref="IDoctor.ExamineAsync"/>
    /// <exception cref="NotAllowedException">The right to operate is missing.</exception>
    public async Task<Diagnosis> ExamineAsync(string peer, CancellationToken cancellationToken)
    {
        await caller.RequireAsync(DashboardRights.Operate);
        return await doctor.ExamineAsync(peer, new WayWishes(), cancellationToken);
    }
}
