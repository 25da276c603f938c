using System.Text.Json.Serialization;

namespace PhotoMl.Training;

/// <summary>The rule by which weights are moved along their gradients.</summary>
public enum OptimizerKind
{
    /// <summary>Adam; weight decay is added to the gradient.</summary>
    Adam,

    /// <summary>Adam with decoupled weight decay.</summary>
    [JsonStringEnumMemberName("adamw")]
    AdamW,

    /// <summary>Stochastic gradient descent with momentum.</summary>
    Sgd,
}
