using Microsoft.Extensions.Options;

namespace Gateway.Client.Outbox;

/// <summary>Validates the options when the host starts, and reports every fault at once.</summary>
/// <param name="prefix">What stands before the names of the options where they come from.</param>
internal sealed class InboxOptionsValidator(string prefix) : IValidateOptions<InboxOptions>
{
    public ValidateOptionsResult Validate(string? name, InboxOptions options)
    {
        List<string> failures = [.. options.Faults().Select(fault => prefix + fault)];
        return failures.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(failures);
    }
}
