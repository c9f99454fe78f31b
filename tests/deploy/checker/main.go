// Checks deployment files with the libraries of the programs that will read them.
//
//	checker kustomize FOLDER   render as `kubectl kustomize` does; every object strictly of its type
//	checker compose ENV FILE   load as `docker compose` does, with its schema
//	checker rules FILE...      alert rules as Prometheus parses them
//
// What was rendered goes to stdout as YAML, what is wrong to stderr with exit code 1.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/prometheus/prometheus/model/rulefmt"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/client-go/kubernetes/scheme"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

func main() {
	if len(os.Args) < 3 {
		fail(errors.New("checker kustomize|compose|rules PATH..."))
	}
	var err error
	switch os.Args[1] {
	case "kustomize":
		err = kustomize(os.Args[2])
	case "compose":
		err = compose(os.Args[2], os.Args[3:])
	case "rules":
		err = rules(os.Args[2:])
	default:
		err = fmt.Errorf("unknown check %q", os.Args[1])
	}
	if err != nil {
		fail(err)
	}
}

func kustomize(folder string) error {
	made, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), folder)
	if err != nil {
		return err
	}
	strict := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	var wrong []error
	for _, one := range made.Resources() {
		text, err := one.AsYAML()
		if err != nil {
			return err
		}
		if _, _, err := strict.Decode(text, nil, nil); err != nil {
			wrong = append(wrong, fmt.Errorf("%s %s: %w", one.GetKind(), one.GetName(), err))
		}
	}
	if len(wrong) > 0 {
		return errors.Join(wrong...)
	}
	all, err := made.AsYaml()
	if err == nil {
		_, err = os.Stdout.Write(all)
	}
	return err
}

func compose(env string, files []string) error {
	// Only what the files say, nothing of this machine's environment.
	options, err := cli.NewProjectOptions(files,
		cli.WithName("sohoa"), cli.WithEnvFiles(env), cli.WithDotEnv, cli.WithProfiles([]string{"*"}))
	if err != nil {
		return err
	}
	project, err := options.LoadProject(context.Background())
	if err != nil {
		return err
	}
	text, err := project.MarshalYAML()
	if err == nil {
		_, err = os.Stdout.Write(text)
	}
	return err
}

func rules(files []string) error {
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		if _, wrong := rulefmt.Parse(text, false); len(wrong) > 0 {
			return fmt.Errorf("%s: %w", file, errors.Join(wrong...))
		}
	}
	return nil
}

func fail(err error) {
	fmt.Fprintln(os.Stderr, err)
	os.Exit(1)
}
