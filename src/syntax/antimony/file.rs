//! The top level of a file: imports, modules, functions, and statements of their own.

use super::parser::{Failed, Parsed, Parser};
use super::token::Kind;
use super::tree::{File, FunctionDefinition, Ident, Item, Module, Path};
use crate::diag::{Diagnostic, Span};

impl Parser<'_> {
    /// Everything up to the end of the text.
    pub(super) fn file(&mut self) -> File {
        let mut file = File::default();
        loop {
            self.skip_blank_statements();
            if self.kind() == Kind::End {
                return file;
            }
            let before = self.at;
            if let Some(item) = self.item() {
                file.items.push(item);
            }
            debug_assert!(
                self.at > before || self.kind() == Kind::End,
                "every item takes a token"
            );
        }
    }

    fn item(&mut self) -> Option<Item> {
        match self.word() {
            "import" => self.import(),
            "function" => self.function().map(Item::Function),
            "model" | "module" if self.at_module() => self.module().map(Item::Module),
            "end" => {
                self.extra_end();
                None
            }
            _ => self.statement().map(Item::Statement),
        }
    }

    /// `model name …`, and not `model notes "…"` or `model.layout = on`.
    fn at_module(&self) -> bool {
        let annotates = matches!(self.kind_at(2), Kind::Line | Kind::Block)
            || self.kind_at(1) == Kind::Word && self.kind_at(2) == Kind::Dot;
        !annotates && self.kind_at(1) != Kind::Dot
    }

    fn extra_end(&mut self) {
        let fault =
            Diagnostic::error("syntax/extra-end", "this `end` closes nothing").at(self.here());
        self.report
            .push(fault.hint("every `model` and `function` is closed by one `end`"));
        self.skip_statement();
    }

    fn import(&mut self) -> Option<Item> {
        self.advance();
        let Ok(text) = self.string() else {
            self.skip_statement();
            return None;
        };
        self.finish_line();
        Some(Item::Import(text))
    }

    /// What must be the end of a line; the rest is reported and skipped.
    fn finish_line(&mut self) {
        if !self.at_statement_end() {
            // The failure is in the report.
            let _: Parsed<()> = self.unexpected("the end of the line");
            self.skip_statement();
        }
    }

    // ---- modules

    fn module(&mut self) -> Option<Module> {
        let start = self.here();
        self.advance();
        let main = self.take(Kind::Star);
        let Ok(name) = self.name() else {
            self.skip_statement();
            return None;
        };
        let mut module = Module {
            ports: Vec::new(),
            statements: Vec::new(),
            span: start.to(name.span),
            name,
            main,
        };
        if self.kind() == Kind::OpenParen {
            match self.ports() {
                Ok(ports) => module.ports = ports,
                Err(Failed) => self.skip_statement(),
            }
        }
        self.body(&mut module, start);
        module.span = start.to(self.behind());
        Some(module)
    }

    fn ports(&mut self) -> Parsed<Vec<Path>> {
        self.advance();
        let mut ports = Vec::new();
        if self.take(Kind::CloseParen) {
            return Ok(ports);
        }
        loop {
            self.skip_newlines();
            let port = self.path()?;
            self.refuse_reserved(&port);
            ports.push(port);
            self.skip_newlines();
            if self.take(Kind::CloseParen) {
                return Ok(ports);
            }
            self.expect(Kind::Comma, "`,` or `)`")?;
        }
    }

    fn body(&mut self, module: &mut Module, start: Span) {
        loop {
            self.skip_blank_statements();
            let opens_other = match self.word() {
                "end" => {
                    self.advance();
                    return;
                }
                "model" | "module" => self.at_module(),
                "function" | "import" => true,
                _ => false,
            };
            if opens_other || self.kind() == Kind::End {
                self.missing_end(module, start);
                return;
            }
            if let Some(statement) = self.statement() {
                module.statements.push(statement);
            }
        }
    }

    fn missing_end(&mut self, module: &Module, start: Span) {
        let name = super::report::shown(&module.name.text);
        let message = format!(
            "the model `{name}` is not closed by `end` before {}",
            self.found()
        );
        self.report.push(
            Diagnostic::error("syntax/missing-end", message)
                .at(self.here())
                .label(start.to(module.name.span), "opened here"),
        );
    }

    // ---- functions

    fn function(&mut self) -> Option<FunctionDefinition> {
        let start = self.here();
        self.advance();
        let head = self.function_head();
        let Ok((name, arguments)) = head else {
            self.skip_function();
            return None;
        };
        self.skip_blank_statements();
        let body = match self.formula() {
            Ok(body) => Some(body),
            Err(Failed) => {
                self.skip_function();
                return Some(FunctionDefinition {
                    name,
                    arguments,
                    body: None,
                    span: start.to(self.behind()),
                });
            }
        };
        self.skip_blank_statements();
        if !self.take_word("end") {
            self.function_without_end(&name, start);
        }
        Some(FunctionDefinition {
            name,
            arguments,
            body,
            span: start.to(self.behind()),
        })
    }

    fn function_head(&mut self) -> Parsed<(Ident, Vec<Ident>)> {
        let name = self.name()?;
        let path = Path {
            boundary: false,
            parts: vec![name.clone()],
            span: name.span,
        };
        self.refuse_reserved(&path);
        self.expect(Kind::OpenParen, "`(`")?;
        let mut arguments = Vec::new();
        if self.take(Kind::CloseParen) {
            return Ok((name, arguments));
        }
        loop {
            let argument = self.name()?;
            let path = Path {
                boundary: false,
                parts: vec![argument.clone()],
                span: argument.span,
            };
            self.refuse_reserved(&path);
            arguments.push(argument);
            if self.take(Kind::CloseParen) {
                return Ok((name, arguments));
            }
            self.expect(Kind::Comma, "`,` or `)`")?;
        }
    }

    fn function_without_end(&mut self, name: &Ident, start: Span) {
        if self.value_ahead() && self.tokens[self.at - 1].kind != Kind::Newline {
            // The failure is in the report.
            let _: Parsed<()> = self.missing_operator();
            self.skip_function();
            return;
        }
        let shown = super::report::shown(&name.text);
        let message = format!(
            "the function `{shown}` is not closed by `end` before {}",
            self.found()
        );
        self.report.push(
            Diagnostic::error("syntax/missing-end", message)
                .at(self.here())
                .label(start.to(name.span), "opened here")
                .hint("a function holds one formula: `function f(x) x^2 end`"),
        );
        if !matches!(self.word(), "model" | "module" | "function" | "import") {
            self.skip_function();
        }
    }

    /// Goes on behind the next `end`, or before what opens something else.
    fn skip_function(&mut self) {
        loop {
            match self.word() {
                "end" => {
                    self.advance();
                    return;
                }
                "model" | "module" | "function" | "import" => return,
                _ if self.kind() == Kind::End => return,
                _ => self.advance(),
            }
        }
    }
}
